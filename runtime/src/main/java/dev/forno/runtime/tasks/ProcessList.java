package dev.forno.runtime.tasks;

import java.util.List;

/**
 * Processes as {@code ps} shows them.
 *
 * @param titles the column headings
 * @param rows one list per process, as long as {@code titles}
 */
public record ProcessList(List<String> titles, List<List<String>> rows) {}
