package dev.forno.registry.server;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a chunk of an upload lies: {@code first-last}, and also the form of RFC 9110 that some clients send. */
record ContentRange(long first, long last) {
    private static final Pattern TEXT = Pattern.compile("(?:bytes[ =])?(\\d{1,18})-(\\d{1,18})(?:/(?:\\d{1,19}|\\*))?");

    static ContentRange parse(String text) {
        Matcher m = TEXT.matcher(text);
        ContentRange range =
                m.matches() ? new ContentRange(Long.parseLong(m.group(1)), Long.parseLong(m.group(2))) : null;
        if (range == null || range.last < range.first) {
            throw new RegistryError(
                    ErrorCode.BLOB_UPLOAD_INVALID, 416, "Content-Range \"" + text + "\" is not of the form first-last");
        }
        return range;
    }

    long length() {
        return last - first + 1;
    }
}
