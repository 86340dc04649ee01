// SPDX-License-Identifier: GPL-2.0
/* kvmfault top: the VMs that fault now, live */
#include <curses.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "die.h"
#include "figure.h"

#define VIOLATION	KVMFAULT_FAULT_CLASS_VIOLATION
#define MISCONFIG	KVMFAULT_FAULT_CLASS_MISCONFIG
#define TDP		KVMFAULT_FAULT_CLASS_TDP
#define SHADOW		KVMFAULT_FAULT_CLASS_SHADOW

/* What is above and below the VMs. */
#define HEAD		4
#define FOOT		1

/* The first look is soon, so that there is something to see. */
#define SOON		0.3

#define ESCAPE		27

enum key_column {
	BY_VM,
	BY_PID,
	BY_VIOLATION,
	BY_MISCONFIG,
	BY_TDP,
	BY_SHADOW,
	BY_RETRY,
	BY_BUSY,
	BY_P50,
	BY_P99,
	BY_MAX,
	BY_COMM,
	COLUMNS
};

/**
 * struct top - the view
 * @nl: whom to ask
 * @before: the look before, for differences
 * @since: what is shown: what came since then
 * @info: the module
 * @looked: when @before was taken
 * @seconds: how long @since took; 0 until there are two looks
 * @interval: how long that shall be
 * @left: how many looks are to come; 0 for no end
 * @sort: by which column
 * @reverse: the smallest first
 * @paused: no more looks
 * @help: the keys are shown
 * @vm: only the VMs that --vm means; NULL once there is another filter
 * @filter: only the VM or process of this number, or VMs with this in their name
 * @typing: keys go into @filter
 * @first: how many VMs are scrolled away
 * @quit: enough
 */
struct top {
	struct nl *nl;
	struct rows before;
	struct rows since;
	struct info info;
	double looked;
	double seconds;
	double interval;
	unsigned long left;
	enum key_column sort;
	bool reverse;
	bool paused;
	bool help;
	const char *vm;
	char filter[32];
	bool typing;
	size_t first;
	bool quit;
};

/* A column of the view; those with a least width need a wider terminal. */
static const struct view {
	const char *head;
	int width;
	int at_least;
} views[COLUMNS] = {
	[BY_VM] = { "vm", 5, 0 },
	[BY_PID] = { "pid", 8, 0 },
	[BY_VIOLATION] = { "viol/s", 7, 0 },
	[BY_MISCONFIG] = { "misc/s", 7, 0 },
	[BY_TDP] = { "tdp/s", 7, 88 },
	[BY_SHADOW] = { "shad/s", 7, 95 },
	[BY_RETRY] = { "retry/s", 8, 0 },
	[BY_BUSY] = { "busy%", 7, 0 },
	[BY_P50] = { "p50", 7, 0 },
	[BY_P99] = { "p99", 7, 0 },
	[BY_MAX] = { "max", 7, 0 },
	[BY_COMM] = { "comm", 0, 0 },
};

static const char *const keys[] = {
	"",
	"  v m t s     sort by violation, misconfig, tdp, shadow",
	"  r b         sort by retry, busy",
	"  5 9 x       sort by p50, p99, max",
	"  i p c       sort by vm, pid, comm",
	"  < >         sort by the column to the left or right",
	"  R           the other way round",
	"  /           only VMs with this in their name, or of this number or process",
	"  Esc         all VMs",
	"  up down     scroll; also page up, page down, home",
	"  + -         look less or more often",
	"  space       hold still, and go on",
	"  h q         this help; quit",
	"",
	"  viol/s, misc/s, tdp/s, shad/s and retry/s are faults a second since the last",
	"  look, p50 to max are of the violations among them. busy% is the time that",
	"  vCPUs spent in violation and misconfig, with shadow paging in shadow and",
	"  misconfig; 100 is one vCPU all the time.",
	NULL
};

static volatile sig_atomic_t interrupted;

/* What went wrong with the last look, though there was one. */
static char warning[160];

static void interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

static void keep_warning(const char *sentence)
{
	snprintf(warning, sizeof(warning), "%s", sentence);
}

static void look(struct top *top)
{
	double now = watch_now();
	struct rows vms;

	*warning = 0;
	model_info(top->nl, &top->info);
	vms_take(top->nl, &vms, true);
	if (top->looked) {
		rows_free(&top->since);
		vms_since(&top->since, &vms, &top->before);
		top->seconds = now - top->looked;
	}
	rows_free(&top->before);
	top->before = vms;
	top->looked = now;
}

static bool is_number(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

static int has_in_name(const void *row, const void *filter)
{
	return !!strstr(((const struct vm *)row)->comm, filter);
}

/* Names have digits, too: a number that is typed means what --vm does. */
static void keep_shown(const struct top *top, struct rows *vms)
{
	if (top->vm)
		pick_keep(vms, top->vm);
	else if (is_number(top->filter))
		pick_keep(vms, top->filter);
	else
		rows_keep(vms, has_in_name, top->filter);
}

static void show_all(struct top *top)
{
	top->vm = NULL;
	*top->filter = 0;
}

/* What is not known is the least. */
static uint64_t key_of(const struct vm *vm, enum key_column column)
{
	const uint64_t key[COLUMNS] = {
		[BY_VM] = vm->id,
		[BY_PID] = vm->pid,
		[BY_VIOLATION] = vm->total[VIOLATION].count,
		[BY_MISCONFIG] = vm->total[MISCONFIG].count,
		[BY_TDP] = vm->total[TDP].count,
		[BY_SHADOW] = vm->total[SHADOW].count,
		[BY_RETRY] = vm->retry,
		[BY_BUSY] = total_busy_ns(vm->total),
		[BY_P50] = vm->total[VIOLATION].p50_ns,
		[BY_P99] = vm->total[VIOLATION].p99_ns,
		[BY_MAX] = vm->total[VIOLATION].max_ns,
	};

	return key[column] + 1;
}

static int compare(const void *left, const void *right, void *arg)
{
	const struct vm *one = left, *other = right;
	const struct top *top = arg;
	uint64_t key = key_of(one, top->sort), other_key = key_of(other, top->sort);
	int order = key > other_key ? -1 : key < other_key;

	if (top->sort == BY_COMM)
		order = strcmp(one->comm, other->comm);
	if (top->sort == BY_VM || top->sort == BY_PID)
		order = -order;
	if (top->reverse)
		order = -order;
	return order ? order : one->id < other->id ? -1 : one->id > other->id;
}

static void put_number(int width, uint64_t number,
		       const char *(*figure)(char *text, uint64_t number))
{
	char text[FIGURE];

	printw("%*s", width, number == UNKNOWN ? "-" : figure(text, number));
}

static void put_rate(const struct top *top, int width, uint64_t count)
{
	char text[FIGURE];

	printw("%*s", width, count == UNKNOWN ? "-" :
	       figure_rate(text, count / top->seconds));
}

static void put_column(const struct top *top, const struct vm *vm,
		       enum key_column column)
{
	int width = views[column].width;
	char text[4 * TEXT + 4];

	switch (column) {
	case BY_VM:
	case BY_PID:
		put_number(width, key_of(vm, column) - 1, figure_count);
		break;
	case BY_VIOLATION:
	case BY_MISCONFIG:
	case BY_TDP:
	case BY_SHADOW:
	case BY_RETRY:
		put_rate(top, width, key_of(vm, column) - 1);
		break;
	case BY_BUSY:
		printw("%*s", width,
		       figure_share(text, total_busy_ns(vm->total) /
				    top->seconds / 1e9));
		break;
	case BY_COMM:
		text_printable(text, sizeof(text), vm->comm);
		printw(" %.*s", COLS - getcurx(stdscr) - 1, text);
		break;
	default:
		put_number(width, key_of(vm, column) - 1, figure_time);
		break;
	}
}

static bool has_room(enum key_column column)
{
	return views[column].at_least <= COLS;
}

static void draw_vm(const struct top *top, const struct vm *vm, int line)
{
	enum key_column column;

	move(line, 0);
	for (column = 0; column < COLUMNS; column++)
		if (has_room(column))
			put_column(top, vm, column);
}

static void draw_columns(const struct top *top)
{
	enum key_column column;

	attron(A_REVERSE);
	mvhline(HEAD - 1, 0, ' ', COLS);
	move(HEAD - 1, 0);
	for (column = 0; column < COLUMNS; column++) {
		if (!has_room(column))
			continue;
		if (column == BY_COMM)
			addch(' ');
		else
			printw("%*s", views[column].width -
			       (int)strlen(views[column].head), "");
		if (column == top->sort)
			attron(A_BOLD | A_UNDERLINE);
		addstr(views[column].head);
		attroff(A_BOLD | A_UNDERLINE);
	}
	attroff(A_REVERSE);
}

static void draw_line(int line, const char *text)
{
	mvaddnstr(line, 0, text, COLS);
}

static uint64_t all_missed(const struct info *info)
{
	uint64_t missed = 0;
	unsigned int i;

	for (i = 0; i < REASONS; i++)
		if (info->missed[i] != UNKNOWN)
			missed += info->missed[i];
	return missed;
}

static void draw_head(const struct top *top)
{
	const char *only = top->vm ? top->vm : top->filter;
	const struct info *info = &top->info;
	char text[160], printable[64];

	snprintf(text, sizeof(text),
		 "kvmfault %.16s, %.16s engine, %llu of %llu probes armed, missed %llu",
		 info->version, info->engine, (unsigned long long)info->armed,
		 (unsigned long long)info->probes,
		 (unsigned long long)all_missed(info));
	draw_line(0, text);
	text_printable(printable, sizeof(printable), only);
	snprintf(text, sizeof(text),
		 "%llu VMs live, %llu gone; every %.3g s%s%s%s%s",
		 (unsigned long long)info->vms_live,
		 (unsigned long long)info->vms_gone,
		 top->interval, top->paused ? ", held still" : "",
		 *only ? ", only '" : "", printable, *only ? "'" : "");
	draw_line(1, text);
	draw_line(2, warning);
}

static void draw_foot(const struct top *top)
{
	char text[80];

	if (top->typing) {
		snprintf(text, sizeof(text), "only: %s_", top->filter);
		draw_line(LINES - 1, text);
		return;
	}
	draw_line(LINES - 1,
		  "q quit  h help  < > sort  R reverse  / filter  space hold");
}

static void draw_vms(struct top *top)
{
	struct rows shown = ROWS(struct vm);
	const struct vm *vm;
	int line = HEAD;
	size_t i = 0;

	rows_for_each(vm, &top->since)
		memcpy(rows_add(&shown), vm, sizeof(*vm));
	keep_shown(top, &shown);
	if (shown.nr)
		qsort_r(shown.row, shown.nr, shown.size, compare, top);
	if (top->first >= shown.nr)
		top->first = shown.nr ? shown.nr - 1 : 0;
	rows_for_each(vm, &shown)
		if (i++ >= top->first && line < LINES - FOOT)
			draw_vm(top, vm, line++);
	if (!top->seconds)
		draw_line(HEAD, "Looking...");
	else if (!shown.nr)
		draw_line(HEAD, top->since.nr ? "No VM fits." :
			  "No VM has faulted yet.");
	rows_free(&shown);
}

static void draw_help(void)
{
	int i;

	for (i = 0; keys[i] && HEAD - 2 + i < LINES - FOOT; i++)
		draw_line(HEAD - 2 + i, keys[i]);
}

static void draw(struct top *top)
{
	erase();
	draw_head(top);
	if (top->help) {
		draw_help();
	} else {
		draw_columns(top);
		draw_vms(top);
	}
	draw_foot(top);
	refresh();
}

static void type(struct top *top, int key)
{
	size_t length = strlen(top->filter);

	if (key == '\n' || key == KEY_ENTER) {
		top->typing = false;
	} else if (key == ESCAPE) {
		top->typing = false;
		show_all(top);
	} else if (key == KEY_BACKSPACE || key == 127 || key == '\b') {
		if (length)
			top->filter[length - 1] = 0;
	} else if (key >= ' ' && key < 127 && length + 1 < sizeof(top->filter)) {
		top->filter[length] = key;
		top->filter[length + 1] = 0;
	}
}

static void sort_beside(struct top *top, int step)
{
	int column = top->sort;

	do {
		column = (column + step + COLUMNS) % COLUMNS;
	} while (!has_room(column));
	top->sort = column;
}

static bool sort_key(struct top *top, int key)
{
	static const char letters[COLUMNS + 1] = "ipvmtsrb59xc";
	const char *letter = key > 0 && key < 127 ? strchr(letters, key) : NULL;

	if (!letter)
		return false;
	top->sort = letter - letters;
	return true;
}

static void scroll_by(struct top *top, int lines)
{
	if (lines < 0 && top->first < (size_t)-lines)
		top->first = 0;
	else
		top->first += lines;
}

static void change_interval(struct top *top, double factor)
{
	double interval = top->interval * factor;

	if (interval >= 0.1 && interval <= 3600)
		top->interval = interval;
}

static void press(struct top *top, int key)
{
	int page = LINES - HEAD - FOOT;

	if (top->typing) {
		type(top, key);
		return;
	}
	if (sort_key(top, key))
		return;
	switch (key) {
	case 'q':
		top->quit = true;
		break;
	case 'h':
	case '?':
		top->help = !top->help;
		break;
	case ESCAPE:
		top->help = false;
		show_all(top);
		break;
	case '/':
		top->typing = true;
		show_all(top);
		break;
	case 'R':
		top->reverse = !top->reverse;
		break;
	case ' ':
		top->paused = !top->paused;
		break;
	case '<':
	case KEY_LEFT:
		sort_beside(top, -1);
		break;
	case '>':
	case KEY_RIGHT:
		sort_beside(top, 1);
		break;
	case '+':
		change_interval(top, 2);
		break;
	case '-':
		change_interval(top, 0.5);
		break;
	case KEY_UP:
		scroll_by(top, -1);
		break;
	case KEY_DOWN:
		scroll_by(top, 1);
		break;
	case KEY_PPAGE:
		scroll_by(top, -page);
		break;
	case KEY_NPAGE:
		scroll_by(top, page);
		break;
	case KEY_HOME:
		top->first = 0;
		break;
	}
}

static void end_view(void)
{
	warn_hook = NULL;
	endwin();
}

static void begin_view(void)
{
	/* Without the restart a signal ends the wait for a key. */
	const struct sigaction end = { .sa_handler = interrupt };

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		die(EXIT_USAGE,
		    "top needs a terminal: kvmfault -i 1 prints the same as lines");
	if (!newterm(NULL, stdout, stdin))
		die(EXIT_USAGE, "this terminal (TERM=%s) is not known",
		    getenv("TERM") ? getenv("TERM") : "");
	die_hook = end_view;
	warn_hook = keep_warning;
	sigaction(SIGINT, &end, NULL);
	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGHUP, &end, NULL);
	set_escdelay(50);
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	curs_set(0);
}

/* Whose terminal goes without SIGHUP, as it does not control it, gets no key at once. */
static bool terminal_is_gone(void)
{
	struct pollfd in = { .fd = STDIN_FILENO };

	return poll(&in, 1, 0) > 0 && in.revents & (POLLHUP | POLLERR | POLLNVAL);
}

/* Until a key is pressed or it is time to look again. */
static void wait_for_key(struct top *top, double until)
{
	double left = until - watch_now();
	int key;

	timeout(top->paused ? 1000 : left > 0 ? (int)(left * 1000) + 1 : 0);
	key = getch();
	if (key != ERR)
		press(top, key);
	if (interrupted || (key == ERR && terminal_is_gone()))
		top->quit = true;
}

static void look_again(struct top *top)
{
	if (top->left && !--top->left)
		top->quit = true;
	else
		look(top);
}

/* Else the view would be empty for ever. */
static void check_there(struct nl *nl, const char *words)
{
	struct rows vms;

	pick_living(nl, &vms, words);
	rows_free(&vms);
}

void top_command(struct nl *nl, const struct options *options)
{
	static struct top top;
	double until;

	if (options->json)
		die(EXIT_USAGE, "top is for eyes: kvmfault -j -i 1 is for programs");
	top.nl = nl;
	top.sort = BY_BUSY;
	top.interval = options->interval ? options->interval : 1;
	top.left = options->count ? options->count + 1 : 0;
	top.since = ROWS(struct vm);
	top.before = ROWS(struct vm);
	if (options->vm)
		check_there(nl, options->vm);
	top.vm = options->vm;

	begin_view();
	look(&top);
	until = top.looked + SOON;
	while (!top.quit) {
		draw(&top);
		wait_for_key(&top, until);
		if (!top.paused && !top.quit && watch_now() >= until) {
			look_again(&top);
			until = top.looked + top.interval;
		}
	}
	end_view();
	rows_free(&top.before);
	rows_free(&top.since);
}
