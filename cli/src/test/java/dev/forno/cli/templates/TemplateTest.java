package dev.forno.cli.templates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.forno.cli.documents.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
    private static final Json DATA = Json.parse("""
            {"Name":"/web","State":{"Running":true,"ExitCode":0},"Args":["a","b c"],"Empty":[],"Nothing":null,
             "Labels":{"z":"26","com.example.a":"1"},"Size":1984275,"Mounts":[{"Source":"/x"},{"Source":"/y"}],
             "Id":"f0","HostIp":"127.0.0.1","Volumes":{"/data":{},"/a":{}},"None":{},
             "Ports":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}]}}
            """);

    private static String render(String template) {
        return Template.parse(template).render(DATA.value());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "{{.Name}};/web",
                "{{ .State.Running }} {{.State.ExitCode}};true 0",
                "{{json .Args}};[\"a\",\"b c\"]",
                "{{.Args | json}};[\"a\",\"b c\"]",
                "{{.Args}} {{.Labels}};[a b c] map[com.example.a:1 z:26]",
                "{{index .Labels \"com.example.a\"}} {{index .Args 1}};1 b c",
                "{{(index .Mounts 1).Source}};/y",
                "{{.Nothing}};<no value>",
                "{{range .Mounts}}{{.Source}},{{end}};/x,/y,",
                "{{range $i, $m := .Mounts}}{{$i}}={{$m.Source}} {{end}};0=/x 1=/y ",
                "{{range $k, $v := .Labels}}{{$k}}:{{$v}} {{end}};com.example.a:1 z:26 ",
                "{{range .Empty}}x{{else}}none{{end}};none",
                "{{if .State.Running}}up{{else}}down{{end}};up",
                "{{if eq .State.ExitCode 1}}one{{else if eq .State.ExitCode 0}}zero{{else}}other{{end}};zero",
                "{{if and .State.Running (not .Empty)}}y{{end}};y",
                "{{with .State}}{{.ExitCode}}{{$.Name}}{{end}};0/web",
                "{{$x := .Name}}{{$x}};/web",
                "{{join .Args \"+\"}} {{upper .Name}} {{len .Args}};a+b c /WEB 2",
                "{{printf \"%-6s|%5d|%q\" .Name .Size \"s\"}};/web  |1984275|\"s\"",
                "{{slice .Name 1}} {{truncate .Name 2}};web /w",
                "{{or .Nothing \"default\"}};default",
                "a {{- /* no */ -}} b;ab",
                "{{split \"a,b\" \",\"}};[a b]",
                "{{.ID}} {{.Id}} {{.HostIP}};f0 f0 127.0.0.1",
                "{{.Volumes}} {{.None}};map[/a:{} /data:{}] map[]",
                "{{.Ports}};map[80/tcp:[{0.0.0.0 8080}]]",
            })
    void whatPeopleWrite(String template, String text) {
        assertEquals(text, render(template));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{{.Foo; template: :1: unclosed action",
                "{{foo .}}; template: :1: function \"foo\" not defined",
                "{{.Foo}}; template: :1:2: executing \"\" at <.Foo>: map has no entry for key \"Foo\"",
                "{{.hostIp}}; template: :1:2: executing \"\" at <.hostIp>: map has no entry for key \"hostIp\"",
                "{{.Foo.Bar}}; template: :1:6: executing \"\" at <.Foo.Bar>: map has no entry for key \"Foo\"",
                "{{if .Name}}; template: :1: unexpected EOF",
                "{{end}}; template: :1: unexpected {{end}}",
                "{{template \"x\"}}; template: :1: \"template\" is not supported",
            })
    void complaintsSayWhere(String template, String message) {
        TemplateException e = assertThrows(TemplateException.class, () -> render(template));
        assertEquals("template parsing error: " + message, e.getMessage());
    }

    @Test
    void aRowPrintsItsFieldsAndLabels() {
        Row row = new Row("*row", Map.of("ID", "1", "Names", "web"), key -> "label-" + key);
        assertEquals(
                "{\"ID\":\"1\",\"Names\":\"web\"}", Template.parse("{{json .}}").render(row));
        assertEquals(
                "label-x web", Template.parse("{{.Label \"x\"}} {{.Names}}").render(row));
        assertEquals(
                "template parsing error: template: :1:2: executing \"\" at <.Foo>: can't evaluate field Foo in type *row",
                assertThrows(TemplateException.class, () -> Template.parse("{{.Foo}}")
                                .render(row))
                        .getMessage());
    }
}
