/* QEMU plugin: says how many instructions the guest has executed, whenever it calls getsid(), and at its end.
   benchmarks/counting_qemu.sh builds it. */
#include <inttypes.h>
#include <stdio.h>
#include <qemu-plugin.h>

#define GETSID 156 /* on aarch64 */

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;
static struct qemu_plugin_scoreboard *scores;
static qemu_plugin_u64 executed;

static void say(void)
{
    char line[40];
    snprintf(line, sizeof line, "executed %" PRIu64 "\n", qemu_plugin_u64_sum(executed));
    qemu_plugin_outs(line);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(block, QEMU_PLUGIN_INLINE_ADD_U64, executed, qemu_plugin_tb_n_insns(block));
}

static void called(qemu_plugin_id_t id, unsigned int vcpu, int64_t number, uint64_t a1, uint64_t a2, uint64_t a3, uint64_t a4,
                   uint64_t a5, uint64_t a6, uint64_t a7, uint64_t a8)
{
    if (number == GETSID)
        say();
}

static void ended(qemu_plugin_id_t id, void *nothing)
{
    say();
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
    scores = qemu_plugin_scoreboard_new(sizeof(uint64_t));
    executed = qemu_plugin_scoreboard_u64(scores);
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_vcpu_syscall_cb(id, called);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}
