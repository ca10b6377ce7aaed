package dev.forno.cli.tables;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells set in columns; the last cell of a row stays as it is. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();
    private final int minimum;
    private final int gap;

    /** Columns at least ten wide, three spaces apart. */
    public Table() {
        this(10, 3);
    }

    /** Columns of another width and distance. */
    public Table(int minimum, int gap) {
        this.minimum = minimum;
        this.gap = gap;
    }

    /** Adds a row. */
    public void add(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    /** Adds a row whose cells are separated by tabs. */
    public void addTabbed(String line) {
        rows.add(List.of(line.split("\t", -1)));
    }

    @Override
    public String toString() {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size() - 1; i++) {
                int width = Math.max(minimum, length(row.get(i)) + gap);
                if (i == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(i, Math.max(widths.get(i), width));
                }
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                text.append(row.get(i));
                if (i < row.size() - 1) {
                    text.append(" ".repeat(widths.get(i) - length(row.get(i))));
                }
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
