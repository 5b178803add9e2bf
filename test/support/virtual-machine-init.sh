#!/usr/bin/sh
# The first process of the virtual machine (virtual-machine.ts): mounts what a system needs, makes a LAN of two computers,
# starts an engine, and gives a shell to whoever connects. What it and they say on standard error is on the console.

export PATH=/usr/bin:/bin HOME=/root
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
exec </dev/null >/dev/console 2>&1
mkdir /dev/pts /dev/shm
mount -t devpts pts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t cgroup2 cgroup /sys/fs/cgroup
mount -t tmpfs run /run
mount -t tmpfs -o size=90% tmp /tmp
for module in $(cat /modules/order); do insmod "/modules/$module.ko"; done

# The way in from the machine outside; there is none out, as there is no default route.
ip link set lo up
ip address add 10.0.2.15/24 dev eth0
ip link set eth0 up

# The LAN: a cable between this host's `lan0`, which is the rigs' parent, and a colleague's computer.
ip netns add colleague
ip link add lan0 type veth peer name eth0 netns colleague
ip address add 10.77.0.2/24 dev lan0
ip link set lan0 up
ip -n colleague address add 10.77.0.3/24 dev eth0
ip -n colleague link set lo up
ip -n colleague link set eth0 up

# The root lies in memory, where a container cannot have it changed for its own: runc must know that.
DOCKER_RAMDISK=true dockerd --host unix:///run/docker.sock --host tcp://10.0.2.15:2375 --tls=false \
  --data-root /tmp/docker --bridge=none --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false \
  >/tmp/dockerd.log 2>&1 &

echo "booted after $(cut -d ' ' -f 1 /proc/uptime) s"
exec nc -ll -p 7000 -e /usr/bin/sh
