/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way to the module: generic netlink, by libmnl
 *
 * What goes wrong ends the program with a sentence: nothing here returns an
 * error, but for nl_listen() and what it promises.
 */
#ifndef KVMFAULT_NL_H
#define KVMFAULT_NL_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>

#include "rows.h"

enum nl_group {
	NL_GROUP_VM,
	NL_GROUP_ALERT,
	NL_GROUP_SETUP,
	NL_GROUPS
};

struct nl;

/* Take one message of an answer. Of a dump, @to is its struct rows. */
typedef void (*nl_decode_t)(const struct nlmsghdr *nlh, void *to);

struct nl *nl_open(void);
void nl_close(struct nl *nl);

/* What the user calls an attribute of a request; NULL for any other. */
typedef const char *(*nl_name_t)(uint16_t attribute);

struct nlmsghdr *nl_request(struct nl *nl, uint8_t command);
void nl_put_text(struct nl *nl, struct nlmsghdr *nlh, uint16_t attribute,
		 const char *text);
void nl_do(struct nl *nl, struct nlmsghdr *nlh, nl_decode_t decode,
	   void *to);
void nl_change(struct nl *nl, struct nlmsghdr *nlh, nl_name_t name);
void nl_dump(struct nl *nl, struct nlmsghdr *nlh, nl_decode_t decode,
	     struct rows *rows);
bool nl_torn(const struct nl *nl);

void nl_join(struct nl *nl, enum nl_group group);
bool nl_listen(struct nl *nl, bool (*heard)(const struct nlmsghdr *nlh, void *arg),
	       void *arg);

uint8_t nl_command(const struct nlmsghdr *nlh);

#endif /* KVMFAULT_NL_H */
