import { describe, expect, it } from 'vitest';
import { readJson } from './read-json.ts';
import { RowProblem, renderRow } from './render-row.ts';
import { parseClock } from './strftime.ts';
import { Template, TemplateRefusal } from './template.ts';
import type { Dict, Value } from './values.ts';

const clock = parseClock('2026-11-02T09:05:03');

function render(source: string, variables = '{}'): string {
  return new Template(source).render((readJson(variables) as Dict).entries() as [string, Value][], clock).text;
}

function refusal(source: string, variables = '{}'): TemplateRefusal {
  try {
    render(source, variables);
  } catch (thrown) {
    if (thrown instanceof TemplateRefusal) return thrown;
    throw thrown;
  }
  throw new Error('it rendered');
}

describe('values print as in Python', () => {
  it.each([
    ['{{ 1.0 }} {{ 1e16 }} {{ 1e-5 }} {{ 0.1 + 0.2 }}', '1.0 1e+16 1e-05 0.30000000000000004'],
    ['{{ 7 // -2 }} {{ 7 % -2 }} {{ 7 / 2 }} {{ 2 ** 100 }}', '-4 -1 3.5 1267650600228229401496703205376'],
    ["{{ [none, true, 'it\\'s', 'a\\nb', {'k': (1,)}] }}", "[None, True, \"it's\", 'a\\nb', {'k': (1,)}]"],
    ["{{ ['\\u200b', '🫨', 'é'] }}", "['\\u200b', '\\U0001fae8', 'é']"],
    ['{{ true + true }} {{ 1 == true }} {{ "a" * 3 }} {{ [1] + [2] }}', '2 True aaa [1, 2]'],
    ["{{ '%05.1f|%-4s|%x' % (3.14159, 'ab', 255) }} {{ '{:>6,.2f}'.format(1234.5) }}", '003.1|ab  |ff 1,234.50'],
    ["{{ '😀x'|length }} {{ '😀x'[1:] }} {{ 'ß'.upper() }} {{ 'ǆa'.title() }}", '2 x SS ǅa'],
    ["{{ '\\u00a0 x \\ufeff'.strip() }}|", 'x \ufeff|'],
    ['{{ 2.5|round }} {{ 0.125|round(2) }} {{ "42.9"|int }} {{ "x"|int(3) }}', '2.0 0.12 42 3'],
  ])('%s', (source, text) => {
    expect(render(source)).toBe(text);
  });

  it('keeps the number literals and the key order of the row', () => {
    const row = '{"d": {"2": 1.0, "1": 12345678901234567890, "10": 1e21, "2": 120.00}}';
    expect(render('{{ d|tojson }}', row)).toBe('{"2": 120.0, "1": 12345678901234567890, "10": 1e+21}');
    expect(render('{{ d }}', row)).toBe("{'2': 120.0, '1': 12345678901234567890, '10': 1e+21}");
  });

  it('writes JSON as json.dumps does, escaping no HTML', () => {
    const row = '{"d": {"b": "<é\\u007f\\u2028\\u0001>", "a": [1, {}], "c": null}}';
    expect(render('{{ d|tojson }}', row)).toBe('{"b": "<é\u007f\u2028\\u0001>", "a": [1, {}], "c": null}');
    expect(render('{{ d|tojson(indent=1, sort_keys=true) }}', '{"d": {"b": [1], "a": {}}}')).toBe(
      '{\n "a": {},\n "b": [\n  1\n ]\n}',
    );
    expect(refusal('{{ x|tojson }}').kind).toBe('failed');
  });
});

describe('scopes', () => {
  it('lets nothing that a loop sets out, but for namespaces', () => {
    expect(render('{% set a = 1 %}{% for x in [2, 3] %}{% set a = x %}{% endfor %}{{ a }}')).toBe('1');
    expect(render('{% set n = namespace(a=1) %}{% for x in [2, 3] %}{% set n.a = x %}{% endfor %}{{ n.a }}')).toBe('3');
    expect(render('{% if true %}{% set a = 2 %}{% endif %}{{ a }}')).toBe('2');
  });

  it('lets a macro see the variables around it as they are when it is called', () => {
    expect(render('{% set a = 1 %}{% macro m() %}{{ a }}{% endmacro %}{% set a = 2 %}{{ m() }}')).toBe('2');
  });

  it('prefers the methods of dicts to their keys behind a dot, not in brackets', () => {
    expect(render("{{ d.items is callable }} {{ d['items'] }} {{ d.x }}", '{"d": {"items": 1, "x": 2}}')).toBe(
      'True 1 2',
    );
  });

  it('calls macros in macros', () => {
    const source = '{% macro m(n) %}{{ n }}{% if n %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(3) }}';
    expect(render(source)).toBe('3210');
  });
});

describe('white space around tags', () => {
  it.each([
    ['a\n  {% if true %}\nb\n  {% endif %}\nc', 'a\nb\nc'],
    ['a\n  {%+ if true %}b{% endif +%}\nc', 'a\n  b\nc'],
    ['a {%- if true -%} b {%- endif -%} c', 'abc'],
    ['a {# x #}\n{#- y -#} b\n', 'a b'],
    ['{{ 1 }}\n\n{{ 2 }}\r\n', '1\n\n2'],
  ])('%j', (source, text) => {
    expect(render(source)).toBe(text);
  });
});

describe('what the assistant says', () => {
  const spans = (source: string) => new Template(source).render([], clock).assistantSpans;

  it('is noted in code points of the whole text', () => {
    expect(spans('😀{% generation %}ab{% endgeneration %}-{% generation %}😀{% endgeneration %}')).toEqual([
      [1, 3],
      [4, 5],
    ]);
  });

  it('counts only what the top level has put out, as transformers does', () => {
    const inMacro = '{% macro m() %}xx{% generation %}a{% endgeneration %}{% endmacro %}1{{ m() }}';
    expect(spans(inMacro)).toEqual([[1, 2]]);
  });
});

describe('refusals', () => {
  it.each([
    ['a{% if %}', 'syntax', 1],
    ['\n\n{{ x|nofilter }}', 'syntax', 3],
    ["\n{{ raise_exception('roles must alternate') }}", 'raised', 2],
    ['{{ x.y }}', 'failed', 1],
    ["a\n{{ 'a' + 1 }}", 'failed', 2],
    ['{{ [].append(1) }}', 'failed', 1],
    ["{{ ''.__class__.__mro__ }}", 'failed', 1],
    ['{{ range(100001) }}', 'failed', 1],
    ['{% break %}', 'syntax', 1],
  ])('%j: %s in line %i', (source, kind, line) => {
    expect(refusal(source)).toMatchObject({ kind, line });
  });

  it.each([
    ['endless loops', '{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}'],
    [
      'texts that double',
      "{% set n = namespace(s='ab') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
    ],
    ['huge ints', '{{ 9 ** 99999999 }}'],
    ['huge repetitions', "{{ 'x' * 999999999999 }}"],
    ['huge paddings', "{{ 'x'.center(999999999999) }}"],
    ['a date that nobody pinned', "{{ strftime_now('%d') }}"],
  ])('ends %s', (_what, source) => {
    expect(() => new Template(source).render([], null, 10_000)).toThrow(TemplateRefusal);
  });

  it('ends macros that call themselves without end', () => {
    expect(refusal('{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}').kind).toBe('failed');
  });
});

describe('a row handed to a template', () => {
  const row = (text: string) => readJson(text) as Dict;

  it('has tools from a list or from a JSON string, and None where there are none', () => {
    const template = new Template('{{ tools }}');
    expect(renderRow(template, row('{"messages": [], "tools": "[{\\"n\\": 1.0}]"}')).text).toBe("[{'n': 1.0}]");
    expect(renderRow(template, row('{"messages": [], "tools": [1]}')).text).toBe('[1]');
    expect(renderRow(template, row('{"messages": []}')).text).toBe('None');
    expect(() => renderRow(template, row('{"messages": [], "tools": "[{"}'))).toThrow(RowProblem);
  });

  it('lets chat_template_kwargs win over everything, and the row over the flag', () => {
    const template = new Template('{{ add_generation_prompt }} {{ bos_token }} {{ x }}');
    const options = { generationPrompt: true, specialTokens: new Map([['bos_token', '<s>']]) };
    expect(renderRow(template, row('{"messages": []}'), options).text).toBe('True <s> ');
    const own = '{"messages": [], "add_generation_prompt": false, "chat_template_kwargs": {"bos_token": "B", "x": 1}}';
    expect(renderRow(template, row(own), options).text).toBe('False B 1');
  });
});
