# SPDX-License-Identifier: GPL-2.0
#
# `make help` lists the verbs. What is compiled, and how, is in Kbuild.

KDIR ?= /lib/modules/$(shell uname -r)/build
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
DKMS_SOURCE := /usr/src/kvmfault-$(VERSION)

all: module

help:
	@echo 'On a hypervisor:'
	@echo '  make                build kvmfault.ko for the running kernel, or for KDIR=DIRECTORY'
	@echo '  make install        install it for that kernel'
	@echo '  make tools          build the client, kvmfault, in tools/kvmfault/build'
	@echo '  make tools-install  install it, its manual page and its completion'
	@echo '  make dkms-install   have DKMS build it for every kernel, now and from now on'
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
	depmod -a $(shell cat $(KDIR)/include/config/kernel.release)

tools:
	+$(MAKE) -C tools/kvmfault

tools-install:
	+$(MAKE) -C tools/kvmfault install

clean: $(KDIR)
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean
	$(if $(wildcard tools/kvmfault),$(MAKE) -C tools/kvmfault clean)

$(KDIR):
	@echo 'There are no kernel headers at $(KDIR).' >&2
	@echo 'On Debian: apt-get install linux-headers-$$(uname -r), or say make KDIR=/usr/src/linux-headers-VERSION' >&2
	@false

dkms-install:
	mkdir -p $(DKMS_SOURCE)
	cp -r Kbuild Makefile COPYING dkms.conf include module $(DKMS_SOURCE)
	dkms add kvmfault/$(VERSION)
	dkms install kvmfault/$(VERSION)

dkms-remove:
	dkms remove kvmfault/$(VERSION) --all
	rm -rf $(DKMS_SOURCE)

demo test test-kernels test-debug check bench:
	+$(MAKE) -C selftests $@

.PHONY: all help module install clean dkms-install dkms-remove demo test test-kernels test-debug check bench
.PHONY: tools tools-install
