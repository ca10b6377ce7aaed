package dev.forno.oci;

/**
 * The closed set of reasons for which an operation can fail, after containerd's error classes. Every face of the engine
 * (HTTP, gRPC, exit code) maps all of them in one exhaustive table.
 */
public enum ErrorKind {
    /** The named object does not exist. */
    NOT_FOUND,
    /** An object of that name or id exists already. */
    ALREADY_EXISTS,
    /** The request itself is malformed or asks for something impossible. */
    INVALID_ARGUMENT,
    /** The request is well-formed, but the object's state forbids it (in use, not running). */
    FAILED_PRECONDITION,
    /** The request conflicts with the object's state or with another object (name taken, image used). */
    CONFLICT,
    /** The object is already in the state asked for; faces usually answer with "not modified". */
    NOT_MODIFIED,
    /** Credentials are missing or wrong. */
    UNAUTHENTICATED,
    /** The caller is known but not allowed. */
    PERMISSION_DENIED,
    /** Another system (registry, runtime, kernel feature) can't be reached or used now. */
    UNAVAILABLE,
    /** A limit was reached (disk, addresses, size bounds). */
    RESOURCE_EXHAUSTED,
    /** Received data is corrupt: a digest or size does not match. */
    DATA_LOSS,
    /** The operation was cancelled by its caller. */
    CANCELLED,
    /** The feature is not in this version of the engine; the message says so. */
    NOT_IMPLEMENTED,
    /** Everything else: an engine fault. */
    INTERNAL
}
