// SPDX-License-Identifier: GPL-2.0
/*
 * What the netlink family is asked for one by one: replies and settings
 */
#include <linux/mm.h>

#include <uapi/linux/kvmfault.h>

#include "account.h"
#include "address.h"
#include "alert.h"
#include "detail.h"
#include "extra.h"
#include "hot.h"
#include "kvmfault.h"
#include "netlink-gen.h"
#include "netlink_message.h"
#include "netlink_object.h"
#include "netlink_setup.h"
#include "probe.h"
#include "recent.h"
#include "stages.h"
#include "steps.h"
#include "switch.h"
#include "table.h"
#include "translate.h"
#include "watch.h"

/* Sends @skb if @error is 0, frees it otherwise. */
static int reply_send(struct sk_buff *skb, struct genl_info *info, int error)
{
	if (error) {
		nlmsg_free(skb);
		NL_SET_ERR_MSG(info->extack, "the reply does not fit into a message");
		return error;
	}
	return genlmsg_reply(skb, info);
}

static struct sk_buff *reply_new(struct genl_info *info)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb)
		NL_SET_ERR_MSG(info->extack, "no memory for the reply");
	return skb;
}

static struct kvmfault_row *row_new(struct netlink_ext_ack *extack)
{
	struct kvmfault_row *row = kvmalloc(sizeof(*row), GFP_KERNEL);

	if (!row)
		NL_SET_ERR_MSG(extack, "no memory to read the counts");
	return row;
}

/* There is nothing to point at if an attribute is missing. */
static struct nlattr *attribute_wanted(struct genl_info *info, int attribute,
				       const char *message)
{
	if (!info->attrs[attribute]) {
		info->extack->_msg = message;
		return NULL;
	}
	return info->attrs[attribute];
}

int kvmfault_nl_info_get_doit(struct sk_buff *request, struct genl_info *info)
{
	struct nl_target target = target_reply(KVMFAULT_CMD_INFO_GET, info);
	struct kvmfault_row *rows;
	unsigned int nr_live;
	struct sk_buff *skb;
	u64 nr_gone;
	int ret;

	rows = kvmalloc_array(2, sizeof(*rows), GFP_KERNEL);
	skb = reply_new(info);
	if (!rows || !skb) {
		kvfree(rows);
		nlmsg_free(skb);
		NL_SET_ERR_MSG(info->extack, "no memory to read the counts");
		return -ENOMEM;
	}

	kvmfault_table_begin();
	kvmfault_table_sum(&rows[0], &rows[1]);
	nr_live = kvmfault_table_nr_live();
	nr_gone = kvmfault_vm_nr_gone();
	kvmfault_table_end();
	/* Waits for whoever places probes, for which settling must not wait. */
	ret = kvmfault_info_fill(skb, &target, &rows[0].counts, nr_live, nr_gone);

	kvfree(rows);
	return reply_send(skb, info, ret);
}

static int vm_reply(struct sk_buff *skb, struct genl_info *info,
		    struct nlattr *attribute, struct kvmfault_row *row)
{
	struct nl_target target = target_reply(KVMFAULT_CMD_VM_GET, info);
	u64 id = nla_get_u64(attribute);
	const struct kvmfault_vm *vm;
	int ret;

	kvmfault_table_begin();
	vm = kvmfault_table_find(id);
	if (vm) {
		kvmfault_table_fold(row, vm);
		ret = kvmfault_vm_fill(skb, &target, vm, kvmfault_vm_state(vm),
				       &row->counts);
	} else {
		NL_SET_ERR_MSG_ATTR(info->extack, attribute,
				    "there is no VM with this number, or it is gone");
		ret = -ENOENT;
	}
	kvmfault_table_end();
	return ret;
}

int kvmfault_nl_vm_get_doit(struct sk_buff *request, struct genl_info *info)
{
	struct nlattr *attribute;
	struct kvmfault_row *row;
	struct sk_buff *skb;
	int ret;

	attribute = attribute_wanted(info, KVMFAULT_A_VM_ID,
				     "which VM? Give its id");
	if (!attribute)
		return -EINVAL;
	row = row_new(info->extack);
	if (!row)
		return -ENOMEM;

	ret = -ENOMEM;
	skb = reply_new(info);
	if (skb)
		ret = vm_reply(skb, info, attribute, row);
	kvfree(row);
	if (ret) {
		nlmsg_free(skb);
		return ret;
	}
	return genlmsg_reply(skb, info);
}

static int probe_unknown(struct genl_info *info, struct nlattr *attribute)
{
	NL_SET_ERR_MSG_ATTR(info->extack, attribute,
			    "this CPU has no use for a probe of this name");
	return -ENOENT;
}

static int probe_row_wanted(struct genl_info *info,
			    struct kvmfault_probe_row *row)
{
	enum kvmfault_point_id id;
	struct nlattr *attribute;

	attribute = attribute_wanted(info, KVMFAULT_A_PROBE_NAME,
				     "which probe? Give its name");
	if (!attribute)
		return -EINVAL;
	if (kvmfault_probe_find(nla_data(attribute), &id) &&
	    kvmfault_probe_row(id, row))
		return 0;
	if (kvmfault_extra_named(nla_data(attribute), row))
		return 0;
	return probe_unknown(info, attribute);
}

static int probe_wanted(struct genl_info *info, enum kvmfault_point_id *id)
{
	struct kvmfault_probe_row row;
	struct nlattr *attribute;

	attribute = attribute_wanted(info, KVMFAULT_A_PROBE_NAME,
				     "which probe? Give its name");
	if (!attribute)
		return -EINVAL;
	if (kvmfault_probe_find(nla_data(attribute), id))
		return 0;
	if (!kvmfault_extra_named(nla_data(attribute), &row))
		return probe_unknown(info, attribute);

	NL_SET_ERR_MSG_ATTR(info->extack, attribute,
			    "this probe is not switched by itself");
	return -EOPNOTSUPP;
}

int kvmfault_nl_probe_get_doit(struct sk_buff *request, struct genl_info *info)
{
	struct nl_target target = target_reply(KVMFAULT_CMD_PROBE_GET, info);
	struct kvmfault_probe_row row;
	struct sk_buff *skb;
	int ret;

	ret = probe_row_wanted(info, &row);
	if (ret)
		return ret;

	skb = reply_new(info);
	if (!skb)
		return -ENOMEM;
	return reply_send(skb, info, kvmfault_probe_fill(skb, &target, &row));
}

int kvmfault_nl_probe_set_doit(struct sk_buff *request, struct genl_info *info)
{
	struct nlattr *enabled;
	enum kvmfault_point_id id;
	int ret;

	ret = probe_wanted(info, &id);
	if (ret)
		return ret;
	enabled = attribute_wanted(info, KVMFAULT_A_PROBE_ENABLED,
				   "enable or disable it? Give enabled, 0 or 1");
	if (!enabled)
		return -EINVAL;

	if (!nla_get_u32(enabled)) {
		kvmfault_probe_disable(id);
		return 0;
	}
	ret = kvmfault_probe_enable(id);
	if (ret)
		NL_SET_ERR_MSG_ATTR(info->extack, enabled,
				    "the function cannot be probed on this kernel");
	return ret;
}

int kvmfault_nl_settings_get_doit(struct sk_buff *request,
				  struct genl_info *info)
{
	struct nl_target target = target_reply(KVMFAULT_CMD_SETTINGS_GET, info);
	struct sk_buff *skb = reply_new(info);

	if (!skb)
		return -ENOMEM;
	return reply_send(skb, info, kvmfault_settings_fill(skb, &target));
}

static int detail_begin(struct kvmfault_detail *detail,
			const struct nlattr *attribute,
			struct netlink_ext_ack *extack)
{
	int ret = kvmfault_detail_switch(detail, true);

	if (ret)
		NL_SET_ERR_MSG_ATTR(extack, attribute,
				    "there is no memory for it: it stays off");
	return ret;
}

static const struct {
	struct kvmfault_detail *detail;
	int attribute;
} details[] = {
	{ &kvmfault_recent_detail, KVMFAULT_A_SETTINGS_RECENT },
	{ &kvmfault_hot_detail, KVMFAULT_A_SETTINGS_HOT },
	{ &kvmfault_stages_detail, KVMFAULT_A_SETTINGS_STAGES },
};

static bool detail_is_to_be(const struct genl_info *info, unsigned int i, bool on)
{
	const struct nlattr *attribute = info->attrs[details[i].attribute];

	return attribute && !!nla_get_u32(attribute) == on;
}

/* All or none: what may fail comes first, and what was off goes off again. */
static int details_set(struct genl_info *info)
{
	bool begun[ARRAY_SIZE(details)] = {};
	unsigned int i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(details) && !ret; i++) {
		if (!detail_is_to_be(info, i, true))
			continue;
		begun[i] = !kvmfault_detail_is_on(details[i].detail);
		ret = detail_begin(details[i].detail,
				   info->attrs[details[i].attribute],
				   info->extack);
	}
	for (i = 0; i < ARRAY_SIZE(details); i++)
		if (ret ? begun[i] : detail_is_to_be(info, i, false))
			kvmfault_detail_switch(details[i].detail, false);
	return ret;
}

/* There is room for what the request may have, not for all that is told. */
static bool settings_named(const struct genl_info *info)
{
	static const u8 settable[] = {
		KVMFAULT_A_SETTINGS_ALERT_NS,
		KVMFAULT_A_SETTINGS_ALERT_INTERVAL_MS,
		KVMFAULT_A_SETTINGS_ENGINE,
		KVMFAULT_A_SETTINGS_RECENT,
		KVMFAULT_A_SETTINGS_HOT,
		KVMFAULT_A_SETTINGS_STUCK_MS,
		KVMFAULT_A_SETTINGS_STUCK_REPEATS,
		KVMFAULT_A_SETTINGS_STAGES,
		KVMFAULT_A_SETTINGS_STAGES_VM,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(settable); i++)
		if (info->attrs[settable[i]])
			return true;
	return false;
}

/* Does a function stay with another engine than the one chosen? */
static bool engine_is_partial(const struct kvmfault_engine *with)
{
	struct kvmfault_probe_row row;
	enum kvmfault_point_id id;

	for (id = 0; id < KVMFAULT_POINT_DESTROY; id++)
		if (kvmfault_probe_row(id, &row) &&
		    row.state == KVMFAULT_PROBE_ARMED &&
		    strcmp(row.engine, with->name))
			return true;
	return false;
}

static int watch_check(struct genl_info *info)
{
	struct nlattr *repeats = info->attrs[KVMFAULT_A_SETTINGS_STUCK_REPEATS];

	if (!repeats || kvmfault_watch_repeats_fit(nla_get_u32(repeats)))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, repeats,
			    "stuck-repeats takes 0, or 8 to 32767");
	return -ERANGE;
}

/* vm 0 is no VM, and stands for all. */
static int stages_vm_check(struct genl_info *info)
{
	struct nlattr *attribute = info->attrs[KVMFAULT_A_SETTINGS_STAGES_VM];
	struct nlattr *stages = info->attrs[KVMFAULT_A_SETTINGS_STAGES];
	bool there;

	if (!attribute)
		return 0;
	if (stages && !nla_get_u32(stages) && nla_get_u64(attribute)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attribute,
				    "stages that are switched off are of no VM");
		return -EINVAL;
	}
	kvmfault_table_begin();
	there = kvmfault_table_find(nla_get_u64(attribute));
	kvmfault_table_end();
	if (there)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, attribute,
			    "there is no VM with this number, or it is gone");
	return -ENOENT;
}

static void watch_set(struct genl_info *info)
{
	struct nlattr *repeats = info->attrs[KVMFAULT_A_SETTINGS_STUCK_REPEATS];
	struct nlattr *ms = info->attrs[KVMFAULT_A_SETTINGS_STUCK_MS];

	if (repeats)
		kvmfault_watch_set_repeats(nla_get_u32(repeats));
	if (ms)
		kvmfault_watch_set_asleep_ms(nla_get_u32(ms));
}

/*
 * Not waited for: calls under way in the engine that is left. A fault may sleep
 * for hours, and whoever waits here keeps all families of the host from coming
 * and going.
 */
static int engine_set(struct genl_info *info)
{
	const struct nlattr *attribute = info->attrs[KVMFAULT_A_SETTINGS_ENGINE];
	const struct kvmfault_engine *with;
	int ret;

	if (!attribute)
		return 0;
	with = kvmfault_switch_find(nla_data(attribute));
	if (!with) {
		NL_SET_ERR_MSG_ATTR(info->extack, attribute,
				    "there is no such engine: it is kretprobe or direct");
		return -EINVAL;
	}

	ret = kvmfault_switch(with);
	if (ret)
		NL_SET_ERR_MSG_ATTR(info->extack, attribute,
				    "the engine cannot be used: the kernel's log says why");
	else if (engine_is_partial(with))
		NL_SET_ERR_MSG_ATTR(info->extack, attribute,
				    "some functions stay with kretprobe: the kernel's log says why");
	return ret;
}

/* First what may fail: settings are changed all or none. */
static int costly_set(struct genl_info *info)
{
	const struct kvmfault_engine *before;
	int ret;

	before = kvmfault_switch_find(kvmfault_probe_engine());
	ret = engine_set(info);
	if (ret)
		return ret;
	ret = details_set(info);
	if (ret && info->attrs[KVMFAULT_A_SETTINGS_ENGINE])
		kvmfault_switch(before);
	return ret;
}

/* First whose calls, then whether: nobody else's are to be split meanwhile. */
static int stages_vm_set(struct genl_info *info)
{
	struct nlattr *vm = info->attrs[KVMFAULT_A_SETTINGS_STAGES_VM];
	u64 before = kvmfault_steps_only();
	int ret;

	if (vm)
		kvmfault_steps_set_only(nla_get_u64(vm));
	ret = costly_set(info);
	if (ret)
		kvmfault_steps_set_only(before);
	return ret;
}

int kvmfault_nl_settings_set_doit(struct sk_buff *request,
				  struct genl_info *info)
{
	struct nlattr *ms = info->attrs[KVMFAULT_A_SETTINGS_ALERT_INTERVAL_MS];
	struct nlattr *ns = info->attrs[KVMFAULT_A_SETTINGS_ALERT_NS];
	int ret;

	if (!settings_named(info)) {
		NL_SET_ERR_MSG(info->extack,
			       "nothing to set: give alert-ns, alert-interval-ms, engine, recent, hot, stages, stages-vm, stuck-ms or stuck-repeats");
		return -EINVAL;
	}
	if (ns && !kvmfault_nl_family.n_mcgrps && nla_get_u64(ns)) {
		NL_SET_ERR_MSG_ATTR(info->extack, ns,
				    "there are no alerts without multicast groups: this kernel cannot guard one, or its log says why there are none");
		return -EOPNOTSUPP;
	}

	ret = watch_check(info) ?: stages_vm_check(info);
	if (!ret)
		ret = stages_vm_set(info);
	if (ret)
		return ret;
	watch_set(info);
	if (ms)
		kvmfault_alert_set_interval_ms(nla_get_u32(ms));
	if (ns)
		kvmfault_alert_set_threshold(nla_get_u64(ns));
	return 0;
}

/* The one address that is asked about. */
static struct nlattr *address_wanted(struct genl_info *info,
				     struct kvmfault_translation *t)
{
	struct nlattr *gva = info->attrs[KVMFAULT_A_TRANSLATION_GVA];
	struct nlattr *gpa = info->attrs[KVMFAULT_A_TRANSLATION_GPA];
	struct nlattr *hva = info->attrs[KVMFAULT_A_TRANSLATION_HVA];

	if (!!gva + !!gpa + !!hva != 1) {
		NL_SET_ERR_MSG(info->extack,
			       "which address? Give one of gpa, hva and gva");
		return NULL;
	}
	if (gva) {
		t->kind = KVMFAULT_ADDRESS_GVA;
		t->gva = nla_get_u64(gva);
	} else if (gpa) {
		t->kind = KVMFAULT_ADDRESS_GPA;
		t->gpa = nla_get_u64(gpa);
	} else {
		t->kind = KVMFAULT_ADDRESS_HVA;
		t->hva = nla_get_u64(hva);
	}
	return gva ?: gpa ?: hva;
}

/* Return: what to point at if there is no way, NULL if the question is not one. */
static struct nlattr *translation_wanted(struct genl_info *info,
					 struct kvmfault_translation *t)
{
	struct nlattr *vcpu = info->attrs[KVMFAULT_A_TRANSLATION_VCPU];
	struct nlattr *vm, *address;

	vm = attribute_wanted(info, KVMFAULT_A_TRANSLATION_VM,
			      "which VM? Give vm");
	if (!vm)
		return NULL;
	t->vm = nla_get_u64(vm);
	t->gva = KVMFAULT_NOWHERE;
	t->gpa = KVMFAULT_NOWHERE;
	t->hva = KVMFAULT_NOWHERE;
	address = address_wanted(info, t);
	if (!address || t->kind != KVMFAULT_ADDRESS_GVA)
		return address ? vm : NULL;
	if (!vcpu || nla_get_u32(vcpu) > INT_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack, address,
				    "whose address? Give vcpu");
		return NULL;
	}
	t->vcpu = nla_get_u32(vcpu);
	return vcpu;
}

static int translation_reply(struct genl_info *info,
			     const struct kvmfault_translation *t)
{
	struct nl_target target = target_reply(KVMFAULT_CMD_TRANSLATE, info);
	struct sk_buff *skb = reply_new(info);

	if (!skb)
		return -ENOMEM;
	return reply_send(skb, info, kvmfault_translation_fill(skb, &target, t));
}

int kvmfault_nl_translate_doit(struct sk_buff *request, struct genl_info *info)
{
	struct kvmfault_translation *t;
	struct nlattr *attribute;
	int ret = -EINVAL;

	t = kzalloc(sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	attribute = translation_wanted(info, t);
	if (attribute) {
		ret = kvmfault_translate(t);
		if (!ret) {
			ret = translation_reply(info, t);
		} else {
			info->extack->_msg = t->why;
			NL_SET_BAD_ATTR(info->extack, attribute);
		}
	}
	kfree(t);
	return ret;
}

int kvmfault_nl_reset_doit(struct sk_buff *request, struct genl_info *info)
{
	struct nl_target target = target_reply(KVMFAULT_CMD_RESET, info);
	struct kvmfault_row *row;
	struct sk_buff *skb;
	int ret;

	/* First what may fail. */
	row = row_new(info->extack);
	skb = reply_new(info);
	if (!row || !skb) {
		kvfree(row);
		nlmsg_free(skb);
		return -ENOMEM;
	}

	kvmfault_account_reset(&row->counts);
	ret = reply_send(skb, info,
			 kvmfault_reset_fill(skb, &target, &row->counts));
	/* Who has no room for the answer left has not been told. */
	if (ret)
		kvmfault_account_untold(&row->counts);
	kvfree(row);
	return ret;
}
