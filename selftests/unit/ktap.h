/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KTAP for small C tests
 *
 * A program is an array of tests; a test is a function that makes as many
 * checks as it likes and is one line of output. A check that fails says what it
 * got and what it wanted, and the test goes on.
 */
#ifndef KTAP_H
#define KTAP_H

#include <stdbool.h>
#include <stdio.h>
#include <linux/types.h>

/* One wrong edge can fail a loop a million times: the first few tell it all. */
#define KTAP_SHOWN	8

struct ktap_test {
	const char *name;
	void (*run)(void);
};

static unsigned long ktap_checked;
static unsigned long ktap_failed;

/* Count a check. Return: whether to say what is wrong. */
static inline bool ktap_check(bool ok)
{
	ktap_checked++;
	return !ok && ktap_failed++ < KTAP_SHOWN;
}

#define KTAP_CHECK(got, op, want, ...) do {				\
	__u64 ktap_got = (got), ktap_want = (want);			\
									\
	if (ktap_check(ktap_got op ktap_want)) {			\
		printf("# ");						\
		printf(__VA_ARGS__);					\
		printf(": got %llu, want %s %llu\n", ktap_got, #op,	\
		       ktap_want);					\
	}								\
} while (0)

/* What follows got and want is a format that says what was looked at. */
#define ktap_eq(got, want, ...)	KTAP_CHECK(got, ==, want, __VA_ARGS__)
#define ktap_le(got, want, ...)	KTAP_CHECK(got, <=, want, __VA_ARGS__)
#define ktap_ge(got, want, ...)	KTAP_CHECK(got, >=, want, __VA_ARGS__)

static inline bool ktap_run_one(const struct ktap_test *test,
				unsigned int number)
{
	bool ok;

	ktap_checked = 0;
	ktap_failed = 0;
	test->run();

	if (!ktap_checked)
		printf("# nothing was checked\n");
	if (ktap_failed > KTAP_SHOWN)
		printf("# and %lu more\n", ktap_failed - KTAP_SHOWN);

	ok = ktap_checked && !ktap_failed;
	printf("%s %u %s\n", ok ? "ok" : "not ok", number, test->name);
	/* Whatever the next one does, this line is out. */
	fflush(stdout);
	return ok;
}

/**
 * ktap_run() - run tests and report them
 * @tests: the tests
 * @count: how many
 *
 * Return: what main() returns.
 */
static inline int ktap_run(const struct ktap_test *tests, unsigned int count)
{
	unsigned int i, passed = 0;

	printf("KTAP version 1\n1..%u\n", count);
	for (i = 0; i < count; i++)
		passed += ktap_run_one(&tests[i], i + 1);
	return passed != count;
}

#define KTAP_RUN(tests) ktap_run(tests, sizeof(tests) / sizeof((tests)[0]))

#endif /* KTAP_H */
