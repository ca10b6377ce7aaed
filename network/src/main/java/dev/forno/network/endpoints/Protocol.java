package dev.forno.network.endpoints;

import dev.forno.oci.ErrorKind;
import dev.forno.oci.FornoException;
import java.util.Locale;

/** A transport protocol with ports. */
public enum Protocol {
    TCP(6),
    UDP(17),
    SCTP(132);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    /** The protocol number of the IP header. */
    public int number() {
        return number;
    }

    /** The name as Docker writes it: {@code tcp}, {@code udp}, {@code sctp}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads {@code tcp}, {@code udp} or {@code sctp} in any case; else {@link ErrorKind#INVALID_ARGUMENT}. */
    public static Protocol parse(String text) {
        for (Protocol protocol : values()) {
            if (protocol.text().equalsIgnoreCase(text)) {
                return protocol;
            }
        }
        throw new FornoException(ErrorKind.INVALID_ARGUMENT, "publish port: invalid proto: " + text);
    }
}
