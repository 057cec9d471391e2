/**
 * Whether arguments meet the schema that was offered (draft 2020-12; `format` is an annotation there). Schemas come from
 * logs: their patterns run in RE2, references to elsewhere and schemas that don't compile make the answer unknown.
 */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import { type Json, stringify } from '../trajectory/json.ts';
import type { ToolDef } from '../trajectory/trajectory.ts';

const MAX_SCHEMA_CHARS = 200_000;
const MAX_ARGUMENT_CHARS = 1_000_000;
const MAX_CACHED = 1000;

/** Ajv calls it like RegExp; `code` names it in code that is never serialised. */
const linearRegExp = Object.assign((pattern: string) => asRegExp(RE2JS.compile(pattern)), { code: 'linearRegExp' });
const asRegExp = (compiled: RE2JS) => ({ test: (text: string) => compiled.matcher(text).find() });

export class ArgumentChecker {
  private readonly validators = new Map<string, ValidateFunction | undefined>();

  /** @returns undefined when there is no schema or it can't be used */
  isValid(tool: ToolDef, value: Json): boolean | undefined {
    const validate = this.validatorOf(tool);
    if (!validate) return undefined;
    const text = stringify(value);
    if (text.length > MAX_ARGUMENT_CHARS) return undefined;
    try {
      return validate(JSON.parse(text)) as boolean;
    } catch {
      // A schema that refers to itself without end.
      return undefined;
    }
  }

  private validatorOf(tool: ToolDef): ValidateFunction | undefined {
    if (tool.parameters === undefined) return undefined;
    const known = this.validators.get(tool.sha);
    if (known !== undefined || this.validators.has(tool.sha)) return known;
    if (this.validators.size >= MAX_CACHED) this.validators.clear();
    const validate = compile(stringify(tool.parameters));
    this.validators.set(tool.sha, validate);
    return validate;
  }
}

function compile(schemaText: string): ValidateFunction | undefined {
  if (schemaText.length > MAX_SCHEMA_CHARS) return undefined;
  const schema: Record<string, unknown> = JSON.parse(schemaText);
  // Names of other drafts are common and the keywords used in practice agree.
  delete schema.$schema;
  const ajv = new Ajv2020({
    strict: false,
    meta: false,
    validateSchema: false,
    validateFormats: false,
    addUsedSchema: false,
    logger: false,
    code: { regExp: linearRegExp },
  });
  try {
    return ajv.compile(schema);
  } catch {
    return undefined;
  }
}
