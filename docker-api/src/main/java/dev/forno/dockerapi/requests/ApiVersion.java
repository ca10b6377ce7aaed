package dev.forno.dockerapi.requests;

import dev.forno.http.server.StatusException;

/** A version of the Docker Engine API, as clients put it into paths: {@code /v1.47/info}. */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    /** The oldest version that is served. */
    public static final ApiVersion MIN = new ApiVersion(1, 24);

    /** The newest version that is served, and the one of unversioned paths. */
    public static final ApiVersion MAX = new ApiVersion(1, 51);

    /** Parses {@code 1.47}; throws {@link StatusException} for other texts. */
    public static ApiVersion parse(String text) {
        int dot = text.indexOf('.');
        try {
            return dot < 0
                    ? new ApiVersion(Integer.parseInt(text), 0)
                    : new ApiVersion(
                            Integer.parseInt(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
        } catch (NumberFormatException e) {
            throw new StatusException(400, "API version " + text + " is malformed: expected two numbers, as in 1.47");
        }
    }

    /** Refuses versions outside of {@link #MIN} to {@link #MAX} with Docker's texts. */
    public void requireServed() {
        if (compareTo(MIN) < 0) {
            throw new StatusException(
                    400,
                    "client version " + this + " is too old. Minimum supported API version is " + MIN
                            + ", please upgrade your client to a newer version");
        }
        if (compareTo(MAX) > 0) {
            throw new StatusException(
                    400, "client version " + this + " is too new. Maximum supported API version is " + MAX);
        }
    }

    /** Whether this is version 1.{@code minor} or newer. */
    public boolean atLeast(int otherMinor) {
        return major > 1 || (major == 1 && minor >= otherMinor);
    }

    @Override
    public int compareTo(ApiVersion other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
