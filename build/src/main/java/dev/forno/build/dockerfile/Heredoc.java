package dev.forno.build.dockerfile;

/**
 * A here-document that follows a RUN, COPY or ADD.
 *
 * @param descriptor the file descriptor in front of {@code <<}, 0 when there is none
 * @param name the delimiter, without quotes; the file's name in COPY and ADD
 * @param expand whether variables are expanded in the content: no part of the delimiter is quoted
 * @param stripTabs whether leading tabs are removed ({@code <<-})
 * @param content the lines as written, each with its line end
 */
public record Heredoc(int descriptor, String name, boolean expand, boolean stripTabs, String content) {

    /** The content, without the leading tabs of each line when {@link #stripTabs} says so. */
    public String body() {
        if (!stripTabs) {
            return content;
        }
        StringBuilder out = new StringBuilder(content.length());
        boolean lineStart = true;
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (!(lineStart && c == '\t')) {
                out.append(c);
                lineStart = c == '\n';
            }
        }
        return out.toString();
    }
}
