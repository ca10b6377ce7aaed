/** The only holder of native access: kernel calls through the FFM API, and what is built directly on them. */
module dev.forno.linux {
    requires static org.jspecify;

    exports dev.forno.linux;
    exports dev.forno.linux.cgroups;
    exports dev.forno.linux.compression;
    exports dev.forno.linux.events;
    exports dev.forno.linux.files;
    exports dev.forno.linux.mounts;
    exports dev.forno.linux.namespaces;
    exports dev.forno.linux.netlink;
    exports dev.forno.linux.nftables;
    exports dev.forno.linux.processes;
    exports dev.forno.linux.sockets;
    exports dev.forno.linux.terminals;
}
