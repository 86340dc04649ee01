# SPDX-License-Identifier: GPL-2.0
#
# Where packages of other suites come from. To be sourced by bash.

# Where this machine has Debian from; the archive of security updates, which
# has other suites, aside.
mirror()
{
	local uri

	uri=$(apt-get indextargets --format '$(REPO_URI)' \
		'Identifier: Packages' 'Label: Debian' | head -n 1)
	echo "${uri%/}"
}

# An old suite's lists are past their date for ever; and a mirror may be busy.
apt_options()
{
	echo 'Acquire::Retries "3";'
	echo 'Acquire::Check-Valid-Until "false";'
	apt-config dump | grep -iE '^Acquire::https?::Proxy'
}
