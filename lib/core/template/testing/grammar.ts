/** Small random templates for the comparison with Jinja2: values, expressions and statements as chat templates mix them. */
import fc, { type Arbitrary } from 'fast-check';

const text = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      '',
      'a',
      'abc',
      ' a b ',
      'Ab-c d',
      'x,y,,z',
      'A\nb\r\nc',
      '12',
      '-3.5',
      '0x1f',
      '<b>&"',
      "it's",
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'ß',
      'ǆ',
      'İ',
      'ΑΣ',
      '😀x',
      '\u00a0é\u2003',
      '\u200b',
      '\ufeff',
      'ﬁn',
      '٣',
      '\u0085',
      '\\n',
    ),
  },
  { weight: 2, arbitrary: fc.string({ maxLength: 6 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }).map((raw) => raw.toWellFormed()) },
);

/** As a Python literal in a template. */
function quote(value: string): string {
  const escaped = value.replace(
    /[\\'\n\r\t]/g,
    (char) => ({ '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' })[char]!,
  );
  return `'${escaped}'`;
}

const number = fc.oneof(
  fc.constantFrom('0', '1', '2', '3', '-1', '7', '10', '100', '9007199254740993', '1_000', '0x1f', '0b11'),
  fc.constantFrom('0.0', '1.0', '0.5', '2.5', '-1.5', '1e16', '1e-05', '123456.789', '0.1', '3.14159', '1e300'),
  fc.integer({ min: -50, max: 50 }).map(String),
);

const NAMES = ['a', 'b', 's', 'n', 'f', 'l', 'd', 'm', 'missing', 'none_value', 't'] as const;
const name = fc.constantFrom(...NAMES);
const KEYS = ['role', 'content', 'x', 'items', 'keys', 'k1', 'name'] as const;

/** What the templates can name. */
export const variables: Arbitrary<Record<string, unknown>> = fc.record({
  a: fc.oneof(fc.integer({ min: -5, max: 20 }), text, fc.boolean()),
  b: fc.oneof(fc.double({ noNaN: true }), fc.constant(null), text),
  s: text,
  n: fc.integer({ min: 0, max: 5 }),
  f: fc.oneof(fc.constantFrom(0.5, 2.25, 1e22, 1e-7, 1234.5678), fc.double({ noNaN: true, noDefaultInfinity: true })),
  l: fc.array(fc.oneof(fc.integer({ min: -3, max: 9 }), text, fc.constant(null), fc.boolean()), { maxLength: 5 }),
  d: fc.dictionary(fc.constantFrom(...KEYS), fc.oneof(text, fc.integer({ max: 99 }), fc.boolean(), fc.constant(null)), {
    noNullPrototype: true,
  }),
  m: fc.array(
    fc.record(
      { role: fc.constantFrom('user', 'assistant', 'System'), content: text, n: fc.integer({ min: 0, max: 3 }) },
      { requiredKeys: ['role'], noNullPrototype: true },
    ),
    { maxLength: 4 },
  ),
  none_value: fc.constant(null),
  t: fc.constant(true),
});

const BINARY = [
  '+',
  '-',
  '*',
  '/',
  '//',
  '%',
  '~',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'not in',
  'and',
  'or',
] as const;
const TESTS = [
  'defined',
  'undefined',
  'none',
  'string',
  'number',
  'integer',
  'float',
  'boolean',
  'mapping',
  'iterable',
  'sequence',
  'odd',
  'even',
  'true',
  'false',
  'lower',
  'upper',
  'callable',
  'escaped',
  'divisibleby(2)',
  'eq(1)',
  'in [1, "a"]',
  'equalto "abc"',
  'lt(3)',
  'sameas(none)',
  'ge 2',
] as const;
const FILTERS = [
  'trim',
  'length',
  'upper',
  'lower',
  'title',
  'capitalize',
  'list',
  'first',
  'last',
  'join(",")',
  'join',
  'tojson',
  'tojson(indent=2)',
  'tojson(sort_keys=true)',
  'tojson(ensure_ascii=true)',
  'tojson(separators=(",", ":"))',
  'string',
  'int',
  'float',
  'default("z")',
  'default("z", true)',
  'replace("a", "bb")',
  'reverse|list',
  'sort',
  'sort(reverse=true)',
  'unique|list',
  'sum',
  'min',
  'max',
  'round',
  'round(1)',
  'round(2, "floor")',
  'abs',
  'items|list',
  'dictsort',
  'map("upper")|list',
  'map(attribute="role")|list',
  'selectattr("role", "equalto", "user")|list',
  'rejectattr("content")|list',
  'select("string")|list',
  'reject("none")|list',
  'batch(2)|list',
  'slice(2)|list',
  'indent',
  'indent(2, true)',
  'wordcount',
  'center(9)',
  'escape',
  'e',
  'safe',
  'forceescape',
  'striptags',
  'truncate(5)',
  'truncate(4, true, "")',
  'format(1)',
  'groupby("role")',
  'attr("x")',
  'count',
  'urlencode',
  'filesizeformat',
  'wordwrap(4)',
  'xmlattr',
  'pprint',
  'map("length")|list',
  'sum(start=1)',
  'trim("a ")',
  'int(default=7)',
  'float(1.5)',
] as const;
const METHODS = [
  'strip()',
  'strip("a")',
  'lstrip()',
  'rstrip("\\n")',
  'split()',
  'split(",")',
  'split(",", 1)',
  'rsplit(None, 1)',
  'splitlines()',
  'startswith("a")',
  'startswith(("a", "x"))',
  'endswith("c")',
  'replace("a", "")',
  'replace("b", "x", 1)',
  'find("b")',
  'rfind("b")',
  'index("b")',
  'count("a")',
  'join(["1", "2"])',
  'join(l)',
  'upper()',
  'lower()',
  'title()',
  'capitalize()',
  'swapcase()',
  'isdigit()',
  'isalpha()',
  'isspace()',
  'isupper()',
  'islower()',
  'isalnum()',
  'zfill(5)',
  'center(6, "*")',
  'ljust(4)',
  'rjust(4)',
  'partition(",")',
  'removeprefix("a")',
  'removesuffix("c")',
  'format(1, 2)',
  'items()',
  'keys()',
  'values()',
  'get("role")',
  'get("zz", 1)',
  'copy()',
  'append(1)',
  'pop()',
  'index(1)',
  'count(1)',
  'update({})',
  '_x',
  '__class__',
  'x',
  'role',
  'content',
  'items',
  'real',
  'is_integer()',
  'bit_length()',
  'expandtabs(2)',
  'casefold()',
  'isnumeric()',
  'istitle()',
  'isidentifier()',
] as const;
const FORMATS = [
  '%s',
  '%d',
  '%5.2f',
  '%r',
  '%-6s|',
  '%05d',
  '%x',
  '%+d',
  '%e',
  '%g',
  '%%',
  '%s %s',
  '%c',
  '%.3s',
  '%i',
  '%o',
  '%#x',
  '% d',
] as const;
const FIELDS = [
  '{}',
  '{0}',
  '{:>5}',
  '{:05.1f}',
  '{:,}',
  '{!r}',
  '{:^7}',
  '{:x}',
  '{:.2%}',
  '{:e}',
  '{0[0]}',
  '{:+}',
  '{:*<6}',
  '{:g}',
  '{:.3}',
  '{:_}',
  '{:b}',
  '{:#x}',
  '{}{}',
  '{{}}',
  '{:d}',
  '{:s}',
  '{:08.3f}',
  '{:=+6}',
] as const;

type Tie = { expression: string };

export const expression: Arbitrary<string> = fc.letrec<Tie>((tie) => {
  const inner = tie('expression');
  const atom = fc.oneof(
    { weight: 5, arbitrary: name },
    { weight: 2, arbitrary: number },
    { weight: 3, arbitrary: text.map(quote) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'none',
        'true',
        'false',
        '[]',
        '{}',
        '()',
        'range(3)',
        'm[0]',
        'm[-1].role',
        "d['x']",
        'dict(a=1)',
        'namespace(x=1).x',
        'range(1, 9, 3)',
      ),
    },
  );
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      atom,
      fc
        .tuple(inner, fc.constantFrom(...BINARY), inner)
        .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      fc.tuple(inner, fc.constantFrom(...FILTERS)).map(([value, filter]) => `(${value})|${filter}`),
      fc.tuple(inner, fc.constantFrom(...METHODS)).map(([value, method]) => `(${value}).${method}`),
      fc
        .tuple(inner, fc.constantFrom(...TESTS), fc.boolean())
        .map(([value, test, not]) => `(${value}) is ${not ? 'not ' : ''}${test}`),
      fc.tuple(inner, inner).map(([value, key]) => `(${value})[${key}]`),
      // Of something that is no constant: Jinja works those out beforehand, and then no slice fails.
      fc
        .tuple(inner, name, fc.constantFrom(':1', '1:', '::-1', ':-1', '1:3', '-2:', '::2', 'n:'))
        .map(([value, other, part]) => `(${other}, ${value}, ${other})[n % 3][${part}]`),
      fc.tuple(inner, inner, inner).map(([test, yes, no]) => `(${yes} if ${test} else ${no})`),
      fc.tuple(inner, inner).map(([test, yes]) => `(${yes} if ${test})`),
      inner.map((value) => `(not ${value})`),
      inner.map((value) => `(-${value})`),
      fc.tuple(inner, inner).map(([one, two]) => `[${one}, ${two}]`),
      fc.tuple(inner, inner).map(([one, two]) => `(${one}, ${two})`),
      fc.tuple(fc.oneof(text.map(quote), number), inner).map(([key, value]) => `{${key}: ${value}, 'k': 1}`),
      fc.tuple(fc.constantFrom(...FORMATS), inner).map(([format, value]) => `(${quote(format)} % (${value}))`),
      fc
        .tuple(fc.constantFrom(...FORMATS), inner, inner)
        .map(([format, one, two]) => `(${quote(format)} % (${one}, ${two}))`),
      fc.tuple(fc.constantFrom(...FIELDS), inner).map(([format, value]) => `${quote(format)}.format(${value})`),
      fc
        .tuple(inner, fc.constantFrom('<', '<=', '==', 'in'), inner, fc.constantFrom('>', '!='), inner)
        .map((parts) => `(${parts.join(' ')})`),
    ),
  };
}).expression;

type Body = { body: string; statement: string };

/** White space control of a tag's edges. */
const edge = fc.constantFrom('', '', '', '-', '+');
const blank = fc.constantFrom('', '\n', ' ', '\n  ', ' text ', '\n\n', '\t', '\r\n', '{', '}}', '# x', '\u00a0\n');

function tag(inner: Arbitrary<string>): Arbitrary<string> {
  return fc
    .tuple(edge, inner, fc.constantFrom('', '', '-', '+'))
    .map(([before, body, after]) => `{%${before} ${body} ${after}%}`);
}

export const template: Arbitrary<string> = fc.letrec<Body>((tie) => {
  const body = tie('body');
  const shown = fc
    .tuple(fc.constantFrom('', '', '-'), expression, fc.constantFrom('', '', '-'))
    .map(([from, value, to]) => `{{${from} ${value} ${to}}}`);
  const target = fc.constantFrom('a', 'b', 'q', 'x', 'y');
  const wrap = (open: Arbitrary<string>, close: string) =>
    fc.tuple(tag(open), body, tag(fc.constant(close))).map((parts) => parts.join(''));
  return {
    body: fc.array(fc.oneof(blank, shown, tie('statement')), { maxLength: 4 }).map((parts) => parts.join('')),
    statement: fc.oneof(
      { depthSize: 'small' },
      fc.tuple(target, expression).map(([to, value]) => `{% set ${to} = ${value} %}`),
      fc
        .tuple(target, body, fc.constantFrom('', ' | upper', ' | trim'))
        .map(([to, inner, filter]) => `{% set ${to}${filter} %}${inner}{% endset %}`),
      fc
        .tuple(tag(expression.map((test) => `if ${test}`)), body, tag(fc.constant('else')), body)
        .map(([head, yes, middle, no]) => `${head}${yes}${middle}${no}{% endif %}`),
      fc
        .tuple(expression, body, expression, body)
        .map(([one, yes, two, other]) => `{% if ${one} %}${yes}{% elif ${two} %}${other}{% endif %}`),
      fc
        .tuple(
          target,
          fc.oneof(
            fc.constantFrom('l', 'm', 'd', 's', 'range(3)', 'd.items()', '[1, 2, 3]', 'm|selectattr("content")'),
            expression,
          ),
          fc.constantFrom('', ' if x', ' if loop is defined', ' if x is string', ' if not loop.first'),
          body,
          fc.constantFrom(
            '',
            '{{ loop.index }}',
            '{{ loop.last }}{{ loop.revindex0 }}',
            '{{ loop.previtem }}{{ loop.nextitem }}',
            '{% if loop.index == 2 %}{% break %}{% endif %}',
            '{% if loop.first %}{% continue %}{% endif %}',
            '{{ loop.cycle("p", "q") }}{{ loop.length }}',
            '{{ loop.changed(x) }}',
          ),
          fc.constantFrom('', '{% else %}none'),
        )
        .map(
          ([to, from, test, inner, extra, otherwise]) =>
            `{% for ${to} in ${from}${test} %}${extra}${inner}${otherwise}{% endfor %}`,
        ),
      fc
        .tuple(fc.constantFrom('k, v', 'k'), body)
        .map(([to, inner]) => `{% for ${to} in d.items() %}{{ k }}${inner}{% endfor %}`),
      fc
        .tuple(
          body,
          fc.constantFrom('()', '(x)', '(x, y=2)', '(x=a)', '(x, caller=none)'),
          fc.constantFrom('p()', 'p(1)', 'p(1, 2)', 'p(x=3)', 'p(y=1)', 'p(*l)', 'p(**d)', 'p(1, 2, 3)'),
        )
        .map(([inner, signature, call]) => `{% macro p${signature} %}[${inner}]{% endmacro %}{{ ${call} }}`),
      fc
        .tuple(body, body)
        .map(
          ([inner, called]) =>
            `{% macro w(u=1) %}<{{ caller() if caller }}${inner}>{% endmacro %}{% call w() %}${called}{% endcall %}`,
        ),
      fc
        .tuple(body, body)
        .map(
          ([one, two]) =>
            `{% set ns = namespace(c=0) %}{% for x in l %}{% set ns.c = ns.c + 1 %}${one}{% endfor %}{{ ns.c }}${two}`,
        ),
      wrap(fc.constant('generation'), 'endgeneration'),
      wrap(fc.constantFrom('filter upper', 'filter trim | lower', 'filter replace("a", "o")'), 'endfilter'),
      fc.tuple(expression, body).map(([value, inner]) => `{% with x = ${value}, y = x %}${inner}{% endwith %}`),
      fc.constantFrom(
        '{# c #}',
        '  {# c -#} \n',
        '{%- raw %} {{ x }} {% endraw -%}',
        '{% print a, 1 %}',
        '\n  {%+ if true %} y{% endif %}\n',
        '{% for x in [[1], [2, [3]]] recursive %}{{ loop.depth }}{{ x if x is number else loop(x) }}{% endfor %}',
      ),
    ),
  };
}).body;
