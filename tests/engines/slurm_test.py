#!/usr/bin/env python3
"""A real Slurm on this machine makes a campaign of eight shards; a task is killed, another requeued.

    slurm_test.py           what every build checks
    slurm_test.py --limit   tasks run out of their time, several times: a few minutes, at night
"""
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

sys.dont_write_bytecode = True
from shared import (ZABSIM, check_same, has_progress, holder_of, init, need, run, start_whole,
                    status, wait_for)

CONF = """
ClusterName=one
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ctld}
SlurmdPort={slurmd}
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus}
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SchedulerParameters=sched_interval=2,batch_sched_delay=1,bf_interval=2
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def cluster(folder):
    """A cluster of this one machine; its files are in the folder."""
    host = socket.gethostname().split(".")[0]
    conf = folder / "slurm.conf"
    conf.write_text(CONF.format(host=host, folder=folder, cpus=os.cpu_count(), ctld=free_port(),
                                slurmd=free_port()))
    os.environ["SLURM_CONF"] = str(conf)
    key = folder / "munge.key"
    key.write_bytes(os.urandom(1024))
    key.chmod(0o400)
    daemons = []

    def start(*command):
        log = (folder / f"{command[0]}.out").open("w")
        daemons.append(subprocess.Popen(command, stdout=log, stderr=log))

    try:
        start("munged", "--foreground", "--force", f"--key-file={key}",
              f"--socket={folder}/munge.socket", f"--pid-file={folder}/munged.pid",
              f"--log-file={folder}/munged.log", f"--seed-file={folder}/munged.seed")
        wait_for((folder / "munge.socket").exists)
        start("slurmctld", "-D", "-f", conf)
        start("slurmd", "-D", "-f", conf)
        wait_for(lambda: "idle" in subprocess.run(["sinfo", "-h", "-o", "%t"], capture_output=True,
                                                  text=True, check=False).stdout)
        yield
    except BaseException:
        for log in sorted(folder.glob("*.log")):
            print(f"== {log.name}\n{log.read_text()[-3000:]}", file=sys.stderr)
        raise
    finally:
        for daemon in reversed(daemons):
            daemon.terminate()
            daemon.wait()


def job(name):
    """What Slurm says of a job."""
    done = subprocess.run(["scontrol", "show", "job", "-o", name], capture_output=True, text=True,
                          check=False)
    return dict(re.findall(r"(\w+)=(\S*)", done.stdout))


def queue():
    return run("squeue", "-h", "-r", "-o", "%i %T %r").splitlines()


hurried = set()


def hurry():
    """Slurm lets what it requeues wait for two minutes; it need not.  But in the second in which a task was
    killed, its node refuses to start it again.  True: there is nothing left."""
    lines = queue()
    for line in lines:
        name, state, reason = line.split(maxsplit=2)
        start = name, job(name).get("Restarts")
        if state == "PENDING" and reason == "BeginTime" and start not in hurried:
            hurried.add(start)
            subprocess.run(["scontrol", "update", f"JobId={name}", "StartTime=now+3"], check=False)
    return not lines


def submit(jobs, *options):
    """The number of the array."""
    return re.search(r"tasks: (\d+)", run("./submit.sh", *options, cwd=jobs))[1]


def killed_and_requeued(folder, jobs):
    array = submit(jobs)
    os.kill(holder_of(folder, 1), signal.SIGKILL)
    wait_for(lambda: job(f"{array}_1").get("JobState") == "FAILED")
    wait_for(lambda: has_progress(folder, 2))
    run("scontrol", "requeue", f"{array}_2")
    again = run("sbatch", "--parsable", "--array=1", "shards.sbatch", cwd=jobs).strip()
    wait_for(hurry)
    assert job(f"{array}_2")["Restarts"] == "1", job(f"{array}_2")
    assert job(f"{array}_2")["JobState"] == "COMPLETED", job(f"{array}_2")
    assert job(f"{again}_1")["JobState"] == "COMPLETED", job(f"{again}_1")


def out_of_time(folder, jobs):
    array = submit(jobs, "--time=1")
    wait_for(hurry)
    restarts = [int(job(f"{array}_{task}")["Restarts"]) for task in (1, 2)]
    print(f"restarts: {restarts}")
    assert min(restarts) >= 1, restarts
    assert status(folder)["missing"] == []


def main():
    need("slurmctld", "slurmd", "munged", "sbatch")
    if os.geteuid() != 0:
        print("Slurm here needs root")
        sys.exit(77)
    limit = "--limit" in sys.argv
    runs, shards = (4000, 2) if limit else (480, 8)
    with tempfile.TemporaryDirectory() as name:
        folder, slurm = Path(name) / "campaign", Path(name) / "slurm"
        for place in (slurm, slurm / "state", slurm / "spool"):
            place.mkdir()
        with cluster(slurm):
            init(folder, runs, shards=shards)
            run(ZABSIM, "campaign", "emit", folder, "--engine=slurm")
            jobs = folder / "jobs/slurm"
            whole = start_whole(f"{name}/whole", runs)
            (out_of_time if limit else killed_and_requeued)(folder, jobs)
            run("sbatch", "--wait", "merge.sbatch", code=10, cwd=jobs)
            log = (jobs / "merge.log").read_text()
            assert re.search(rf"\n{runs:,} runs, \d distinct failures\n\Z", log), log
            check_same(whole, folder, f"{name}/whole")


main()
