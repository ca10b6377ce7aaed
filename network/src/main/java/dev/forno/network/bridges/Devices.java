package dev.forno.network.bridges;

import dev.forno.linux.ErrnoException;
import dev.forno.linux.netlink.LinkRequests;
import dev.forno.linux.netlink.RouteSocket;

/** What is done to devices of every kind. */
final class Devices {
    private Devices() {}

    /** Deletes the device; fine when there is none. */
    static void delete(RouteSocket route, String name) throws ErrnoException {
        try {
            route.execute(LinkRequests.delete(name));
        } catch (ErrnoException e) {
            if (e.errno() != ErrnoException.ENODEV) {
                throw e;
            }
        }
    }
}
