# SPDX-License-Identifier: GPL-2.0
#
# `make help` lists the verbs. What is compiled, and how, is in Kbuild.

KDIR ?= /lib/modules/$(shell uname -r)/build
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
DKMS_SOURCE := /usr/src/kvmfault-$(VERSION)

# What DKMS is given, and what a build leaves among it.
SOURCES := Kbuild Makefile COPYING dkms.conf include module
BUILT := '*.o' '*.ko' '*.cmd' '*.mod' '*.mod.c' config.h

# The kernels that a module can be built for.
HEADERS = $(patsubst /lib/modules/%/build/Makefile,%,$(wildcard /lib/modules/*/build/Makefile))

# The kernel that it is built for: its headers may name another one.
RELEASE = $(shell modinfo -F vermagic kvmfault.ko | cut -d ' ' -f 1)

# Where make install puts it; and DKMS, on some systems.
PLACES := /lib/modules/*/extra/kvmfault.ko* /lib/modules/*/updates/kvmfault.ko*

# What kbuild is not to look through for what it has built: the lab's kernels.
KEPT := \( -name .git -o -name selftests \) -prune -o

DKMS_HAS_IT := dkms status -m kvmfault -v $(VERSION) 2>/dev/null | grep -q .

define DKMS_REMOVE
! $(DKMS_HAS_IT) || dkms remove -m kvmfault -v $(VERSION) --all
rm -rf $(DKMS_SOURCE)
endef

all: module

help:
	@echo 'On a hypervisor:'
	@echo '  make                build kvmfault.ko for the running kernel, or for KDIR=DIRECTORY'
	@echo '  make install        install it for that kernel; make uninstall for the reverse'
	@echo '  make tools          build the client, kvmfault, in tools/kvmfault/build'
	@echo '  make tools-install  install it, its manual page and its completion'
	@echo '  make dkms-install   have DKMS build it for every kernel, now and from now on; again'
	@echo '                      to replace what is there'
	@echo '  make dkms-remove    the reverse'
	@echo 'Anywhere; these install the Debian packages they need:'
	@echo '  make demo           see it at work on an emulated Intel hypervisor'
	@echo '  make test           unit tests, then all cases on emulated Intel and AMD machines'
	@echo '  make test-kernels   the same on the kernels of all Debian suites (KERNELS=quick: on three)'
	@echo '  make test-debug     the cases on kernels that check themselves (DEBUG=short: less long)'
	@echo '  make check          the source, looked at by every checker that Debian has'
	@echo '  make bench          what it costs to count faults: instructions, memory, readers'
	@echo 'And:'
	@echo '  make clean          remove what was built'

module: $(KDIR)
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

install: module
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install
	depmod -a $(if $(INSTALL_MOD_PATH),-b $(INSTALL_MOD_PATH)) $(RELEASE)

uninstall:
	@! $(DKMS_HAS_IT) || { echo 'It is DKMS that has it: make dkms-remove' >&2; false; }
	@for file in $(PLACES); do \
		[ -e "$$file" ] || continue; \
		kernel=$${file#/lib/modules/}; \
		echo rm $$file; \
		rm $$file && depmod -a $${kernel%%/*}; \
	done

tools:
	+$(MAKE) -C tools/kvmfault

tools-install:
	+$(MAKE) -C tools/kvmfault install

clean: $(KDIR)
	$(MAKE) -C $(KDIR) M=$(CURDIR) RCS_FIND_IGNORE='$(KEPT)' clean
	$(if $(wildcard tools/kvmfault),$(MAKE) -C tools/kvmfault clean)

$(KDIR):
	@echo 'There are no kernel headers at $(KDIR).' >&2
	@echo 'On Debian: apt-get install linux-headers-$$(uname -r), or say make KDIR=/usr/src/linux-headers-VERSION' >&2
	@false

dkms-source:
	mkdir -p $(DKMS_SOURCE)
	tar $(addprefix --exclude=,$(BUILT)) -cf - $(SOURCES) | tar -C $(DKMS_SOURCE) -xf -

# What is there is replaced, be it the half of an installation. Not each kernel that has
# headers has to be one that kvmfault is for, but the one that runs, and at least one.
dkms-install:
	$(DKMS_REMOVE)
	@! ls $(PLACES) 2>/dev/null | grep . || { echo 'DKMS would not replace that: make uninstall' >&2; false; }
	$(if $(HEADERS),,@echo 'No kernel of this machine has headers. On Debian: apt-get install linux-headers-amd64' >&2; false)
	$(MAKE) --no-print-directory dkms-source
	dkms add -m kvmfault -v $(VERSION)
	@built=; for kernel in $(HEADERS); do \
		echo dkms install -m kvmfault -v $(VERSION) -k $$kernel; \
		if dkms install -m kvmfault -v $(VERSION) -k $$kernel; then \
			built=1; \
		elif [ $$kernel = $$(uname -r) ]; then \
			exit 1; \
		fi; \
	done; [ -n "$$built" ]

dkms-remove:
	$(DKMS_REMOVE)

demo test test-kernels test-debug check bench:
	+$(MAKE) -C selftests $@

.PHONY: all help module install uninstall clean dkms-source dkms-install dkms-remove demo test test-kernels test-debug check bench
.PHONY: tools tools-install
