package dev.forno.store.archives;

/** What is wrong in a header; the reader adds which entry it is and raises the public exception. */
final class MalformedTarException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedTarException(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
