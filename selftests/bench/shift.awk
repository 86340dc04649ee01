# SPDX-License-Identifier: GPL-2.0
#
# By how much an access takes longer: the difference that half of all pairs of one
# with and one without exceed. Where the access takes always as long, that is the
# difference of the medians; where a few lengths are about as frequent, as with
# fresh pages, a median jumps from one to another, and this does not.
#
# Both are told as VALUE:COUNT,..., the least value first.

function take(text, value, count, i, nr, words, pair)
{
	nr = split(text, words, ",")
	for (i = 1; i <= nr; i++) {
		split(words[i], pair, ":")
		value[i] = pair[1] + 0
		count[i] = pair[2] + 0
	}
	return nr
}

# How many pairs differ by at most so much: what is too small to be half of a pair
# with one value is so with every greater one.
function pairs(most, i, j, too_small, sum)
{
	j = 1
	for (i = 1; i <= with_nr; i++) {
		while (j <= without_nr && without[j] < with[i] - most)
			too_small += without_count[j++]
		sum += with_count[i] * (without_total - too_small)
	}
	return sum
}

function shift(with_text, without_text, i, low, high, middle, total)
{
	with_nr = take(with_text, with, with_count)
	without_nr = take(without_text, without, without_count)
	without_total = 0
	for (i = 1; i <= without_nr; i++)
		without_total += without_count[i]
	for (i = 1; i <= with_nr; i++)
		total += with_count[i] * without_total
	low = with[1] - without[without_nr]
	high = with[with_nr] - without[1]
	while (low < high) {
		middle = low + int((high - low) / 2)
		if (pairs(middle) * 2 > total)
			high = middle
		else
			low = middle + 1
	}
	return low
}
