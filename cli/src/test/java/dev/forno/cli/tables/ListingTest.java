package dev.forno.cli.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ListingTest {
    private static Listing images() {
        Listing listing = new Listing("*image", "Repository", "ID:IMAGE ID", "Size");
        listing.add(List.of("debian", "c64143e4d249", "164MB"));
        listing.add(List.of("a-rather-long-name", "d2a1800f589e", "1.98MB"));
        return listing;
    }

    @Test
    void aTableHasTitlesAndColumns() {
        assertEquals("""
                REPOSITORY           IMAGE ID       SIZE
                debian               c64143e4d249   164MB
                a-rather-long-name   d2a1800f589e   1.98MB
                """, images().format("table {{.Repository}}\t{{.ID}}\t{{.Size}}"));
    }

    @Test
    void aTemplateIsAppliedToEachLine() {
        assertEquals("debian:164MB\na-rather-long-name:1.98MB\n", images().format("{{.Repository}}:{{.Size}}"));
    }

    @Test
    void tabsMayBeWrittenWithABackslash() {
        assertEquals("NAME\n", new Listing("*x", "Name").format("table {{.Name}}"));
        Listing listing = new Listing("*x", "A", "B");
        listing.add(List.of("a", "b"));
        assertEquals("a\tb\n", listing.format("{{.A}}\\t{{.B}}"));
    }

    @Test
    void jsonIsOneObjectALine() {
        Listing listing = new Listing("*x", "Name", "ID");
        listing.add(List.of("n", "1"));
        assertEquals("{\"ID\":\"1\",\"Name\":\"n\"}\n", listing.format("json"));
    }

    @Test
    void wordsAreCutAndQuoted() {
        assertEquals("\"sh -c 'echo \\\"x\\\"'\"", Words.quoted("sh -c 'echo \"x\"'"));
        assertEquals("sleep 1000 and then…", Words.cut("sleep 1000 and then more", 20));
        assertEquals("c64143e4d249", Words.shortId("sha256:c64143e4d249ffff"));
    }
}
