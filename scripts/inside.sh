#!/bin/sh
# In new namespaces: makes the folder $1 the root of the file system, and runs the command $4 there
# as the user $2 in the folder $3. The other words are environment variables. See fresh.py.
set -eu
root=$1 user=$2 folder=$3 command=$4
shift 4

mount --make-rprivate /
mount --bind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys 2>/dev/null || mount --rbind /sys sys
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
    touch "dev/$device"
    mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
cat /etc/resolv.conf >etc/resolv.conf 2>/dev/null || true
mkdir -p .outside
pivot_root . .outside
cd /
umount -l /.outside
rmdir /.outside

home=$([ "$user" = root ] && echo /root || echo "/home/$user")
set -- "HOME=$home" "USER=$user" "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" "LANG=C.UTF-8" "$@"
cd "$folder"
if [ "$user" = root ]; then
    exec env -i "$@" bash -c "$command"
fi
exec setpriv --reuid "$user" --regid "$user" --init-groups env -i "$@" bash -c "$command"
