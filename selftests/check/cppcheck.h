/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What cppcheck has to be told: loops that are macros of headers it does not read
 */
#define list_for_each_entry(pos, head, member) \
	for (pos = (void *)(head)->next; pos; pos = (void *)pos->member.next)
#define list_for_each_entry_reverse(pos, head, member) \
	list_for_each_entry(pos, head, member)
#define list_for_each_entry_safe(pos, n, head, member) \
	for (pos = (void *)(head)->next, n = pos; pos; pos = n)
#define llist_for_each_safe(pos, n, node) \
	for (pos = (node), n = pos->next; pos; pos = n, n = pos->next)
#define llist_for_each_entry_safe(pos, n, node, member) \
	for (pos = (void *)(node), n = pos; pos; pos = n)
#define for_each_possible_cpu(cpu)	for (cpu = 0; cpu < 8; cpu++)
#define for_each_online_cpu(cpu)	for_each_possible_cpu(cpu)
#define mnl_attr_for_each(attr, nlh, offset) \
	for (attr = (void *)(nlh); attr; attr = mnl_attr_next(attr))
#define mnl_attr_for_each_nested(attr, nest) \
	for (attr = (void *)(nest); attr; attr = mnl_attr_next(attr))
