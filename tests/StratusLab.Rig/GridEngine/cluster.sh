#!/bin/bash
# The first process of a rig cluster, in its own network, mount, process and host name namespaces: the bridge that joins its nodes,
# and qmaster with a cell of its own. Its end is the end of every process of the cluster, so it waits for its standard input to close.
#   cluster.sh FOLDER BRIDGE_ADDRESS LOCAL_NODES
set -euo pipefail
folder=$1 address=$2 locals=$3
export PATH="$PATH:/usr/sbin:/sbin"
export SGE_ROOT="$folder/sge" SGE_CELL=default SGE_QMASTER_PORT=6444 SGE_EXECD_PORT=6445

hostname controller
mount --bind "$folder/hosts" /etc/hosts
ip link set lo up
ip link add nodes type bridge
ip address add "$address/24" dev nodes
ip link set nodes up

# Names that come and go: from a folder whose files are read again when they change.
mkdir "$folder/hosts.d"
touch "$folder/hosts.d/burst"
echo "nameserver $address" >"$folder/resolv.conf"
mount --bind "$folder/resolv.conf" /etc/resolv.conf
dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --hostsdir="$folder/hosts.d" --listen-address="$address" --bind-interfaces --user=root --pid-file="$folder/dnsmasq.pid"

# Debian's programs, with a cell and a spool that are nobody else's.
mkdir -p "$SGE_ROOT/default/common" "$folder/spool/qmaster/job_scripts" "$folder/spool/execd" "$folder/run"
for part in bin lib utilbin util; do ln -s "/var/lib/gridengine/$part" "$SGE_ROOT/$part"; done
echo controller >"$SGE_ROOT/default/common/act_qmaster"
cat >"$SGE_ROOT/default/common/bootstrap" <<END
admin_user             none
default_domain         none
ignore_fqdn            true
spooling_method        classic
spooling_lib           libspoolc
spooling_params        $SGE_ROOT/default/common;$folder/spool/qmaster
binary_path            $SGE_ROOT/bin
qmaster_spool_dir      $folder/spool/qmaster
security_mode          none
listener_threads       2
worker_threads         2
scheduler_threads      1
jvm_threads            0
END
sed -e "s|^execd_spool_dir.*|execd_spool_dir $folder/spool/execd|" -e 's|^min_.id.*||' -e 's|^load_report_time.*|load_report_time 00:00:02|' \
  -e 's|^max_unheard.*|max_unheard 00:00:10|' -e 's|^mailer .*|mailer /bin/true|' -e 's|^finished_jobs.*|finished_jobs 0|' \
  /usr/share/gridengine/default-configuration >"$folder/configuration"
printf 'min_uid 0\nmin_gid 0\n' >>"$folder/configuration"
export LD_LIBRARY_PATH=/usr/lib/gridengine
/usr/lib/gridengine/spoolinit classic libspoolc "$SGE_ROOT/default/common;$folder/spool/qmaster" init
/usr/lib/gridengine/spooldefaults configuration "$folder/configuration"
/usr/lib/gridengine/spooldefaults complexes /usr/share/gridengine/util/resources/centry
/usr/lib/gridengine/spooldefaults usersets /usr/share/gridengine/util/resources/usersets
/usr/lib/gridengine/spooldefaults managers root
unset LD_LIBRARY_PATH
/usr/lib/gridengine/sge_qmaster
until qconf -ss >/dev/null 2>&1 || qconf -sh >/dev/null 2>&1; do sleep 0.1; done
bash "$(dirname "$0")/configure.sh" "$folder" "$locals" >"$folder/configure.out" 2>&1 || { cat "$folder/configure.out" >&2; exit 1; }
touch "$folder/up"

# Bash also reaps what the daemons leave behind.
exec 3<&0
cat <&3 >/dev/null &
wait $!
