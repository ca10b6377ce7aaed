package dev.forno.cli.templates;

import dev.forno.cli.templates.Node.Term;
import dev.forno.cli.templates.Token.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds the nodes of a template from its tokens. */
final class Parser {
    private static final Set<String> UNSUPPORTED = Set.of("define", "template", "block", "break", "continue");

    private final String source;
    private final List<Token> tokens;
    private int next;

    private Parser(String source) {
        this.source = source;
        this.tokens = Lexer.tokens(source);
    }

    static List<Node> parse(String source) {
        Parser parser = new Parser(source);
        List<Node> nodes = new ArrayList<>();
        String end = parser.body(nodes);
        if (!end.isEmpty()) {
            throw parser.error(parser.peek(), "unexpected {{" + end + "}}");
        }
        return nodes;
    }

    /** Reads nodes up to the end or to {@code else}/{@code end}, whose word it returns and whose action it leaves open. */
    private String body(List<Node> nodes) {
        while (true) {
            Token token = take();
            switch (token.kind()) {
                case TEXT -> nodes.add(new Node.Text(token.text()));
                case END -> {
                    return "";
                }
                default -> {
                    Token word = peek();
                    String keyword = word.is(Kind.IDENTIFIER) ? word.text() : "";
                    if (UNSUPPORTED.contains(keyword)) {
                        throw error(word, "\"" + keyword + "\" is not supported");
                    }
                    switch (keyword) {
                        case "end", "else" -> {
                            take();
                            return keyword;
                        }
                        case "if", "with", "range" -> {
                            take();
                            nodes.add(block(keyword));
                        }
                        default -> {
                            nodes.add(new Node.Print(pipeline()));
                            expect(Kind.CLOSE);
                        }
                    }
                }
            }
        }
    }

    private Node block(String keyword) {
        Node.Pipeline head = pipeline();
        expect(Kind.CLOSE);
        List<Node> body = new ArrayList<>();
        List<Node> otherwise = new ArrayList<>();
        String end = body(body);
        if (end.equals("else")) {
            if (peek().is(Kind.IDENTIFIER) && peek().text().equals("if")) {
                take();
                otherwise.add(block("if"));
                return node(keyword, head, body, otherwise);
            }
            expect(Kind.CLOSE);
            end = body(otherwise);
        }
        if (!end.equals("end")) {
            throw error(peek(), "unexpected EOF");
        }
        expect(Kind.CLOSE);
        return node(keyword, head, body, otherwise);
    }

    private static Node node(String keyword, Node.Pipeline head, List<Node> body, List<Node> otherwise) {
        return switch (keyword) {
            case "if" -> new Node.If(head, body, otherwise);
            case "with" -> new Node.With(head, body, otherwise);
            default -> new Node.Range(head, body, otherwise);
        };
    }

    private Node.Pipeline pipeline() {
        List<String> variables = new ArrayList<>();
        int start = next;
        while (peek().is(Kind.VARIABLE)) {
            variables.add(take().text());
            if (peek().is(Kind.COMMA)) {
                take();
            } else {
                break;
            }
        }
        if (peek().is(Kind.DECLARE) || peek().is(Kind.ASSIGN)) {
            take();
        } else {
            variables.clear();
            next = start;
        }
        List<Node.Command> commands = new ArrayList<>();
        commands.add(command());
        while (peek().is(Kind.PIPE)) {
            take();
            commands.add(command());
        }
        return new Node.Pipeline(variables, commands);
    }

    private Node.Command command() {
        List<Term> terms = new ArrayList<>();
        while (true) {
            Term term = term();
            if (term == null) {
                break;
            }
            terms.add(term);
        }
        if (terms.isEmpty()) {
            throw error(peek(), "missing value for command");
        }
        return new Node.Command(terms);
    }

    private @Nullable Term term() {
        Token token = peek();
        return switch (token.kind()) {
            case DOT -> {
                take();
                yield new Term.Path(null, null, List.of(), ".", token.offset());
            }
            case FIELD, VARIABLE -> path(token, null);
            case LEFT -> {
                take();
                Node.Pipeline inner = pipeline();
                expect(Kind.RIGHT);
                yield path(token, inner);
            }
            case STRING -> new Term.Literal(take().text());
            case NUMBER -> new Term.Literal(number(take()));
            case IDENTIFIER -> {
                take();
                yield switch (token.text()) {
                    case "true" -> new Term.Literal(true);
                    case "false" -> new Term.Literal(false);
                    case "nil" -> new Term.Literal(null);
                    default -> {
                        if (!Functions.NAMES.contains(token.text())) {
                            throw error(token, "function \"" + token.text() + "\" not defined");
                        }
                        yield new Term.Call(token.text(), token.offset());
                    }
                };
            }
            default -> null;
        };
    }

    private Term path(Token first, Node.@Nullable Pipeline start) {
        String variable = start == null && first.is(Kind.VARIABLE) ? take().text() : null;
        List<String> fields = new ArrayList<>();
        int offset = first.offset();
        int end = next > 0
                ? tokens.get(next - 1).offset() + tokens.get(next - 1).text().length()
                : 0;
        boolean adjacent = variable == null && start == null;
        // a field belongs to the path only when nothing separates them
        while (peek().is(Kind.FIELD) && (adjacent || peek().offset() == end)) {
            Token field = take();
            fields.add(field.text().substring(1));
            offset = field.offset();
            end = field.offset() + field.text().length();
            adjacent = false;
        }
        return new Term.Path(
                variable, start, fields, source.substring(first.offset(), Math.max(end, first.offset())), offset);
    }

    private static Object number(Token token) {
        BigDecimal value = new BigDecimal(token.text());
        return value.scale() <= 0 ? (Object) value.longValue() : value;
    }

    private Token peek() {
        return tokens.get(Math.min(next, tokens.size() - 1));
    }

    private Token take() {
        Token token = peek();
        next++;
        return token;
    }

    private void expect(Kind kind) {
        Token token = take();
        if (!token.is(kind)) {
            throw error(token, token.is(Kind.END) ? "unclosed action" : "unexpected \"" + token.text() + "\"");
        }
    }

    private TemplateException error(Token token, String reason) {
        int line = 1;
        for (int i = 0; i < Math.min(token.offset(), source.length()); i++) {
            if (source.charAt(i) == '\n') {
                line++;
            }
        }
        return new TemplateException(line + ": " + reason);
    }
}
