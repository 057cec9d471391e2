"""Renders lines {"template", "variables"} with Jinja2 as transformers sets it up; answers {"text", "spans"} or {"refused"}."""
import json
import sys
from datetime import datetime

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

emitted = 0
spans = []


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_note"), [], [], body).set_lineno(line)

    def _note(self, caller):
        text = caller()
        spans.append([emitted, emitted + len(text)])
        return text


def refuse(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


environment = ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
)
environment.filters["tojson"] = tojson
environment.globals["raise_exception"] = refuse
environment.globals["strftime_now"] = datetime(2026, 11, 2, 9, 5, 3).strftime

sys.stdin.reconfigure(encoding="utf-8", newline="\n")
sys.stdout.reconfigure(encoding="utf-8", newline="\n")
for line in sys.stdin:
    row = json.loads(line)
    emitted = 0
    spans = []
    pieces = []
    try:
        for piece in environment.from_string(row["template"]).generate(**row["variables"]):
            pieces.append(piece)
            emitted += len(piece)
        answer = {"text": "".join(pieces), "spans": spans}
    except Exception as error:  # whatever is raised is a refusal
        answer = {"refused": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer))
