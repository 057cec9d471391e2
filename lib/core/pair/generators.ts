/**
 * Governed synthetic negatives: an answer of a run that is known to have succeeded, and the same answer made worse in
 * one stated way. Everything they are made of stands in the same unit, so placeholders keep their meaning, and the same
 * unit gives the same negative. A generator is a rule under a name and version that a lead approves and caps.
 */
import type { LogEvent, ToolCall } from '../trajectory/event.ts';
import { canonicalJson, isObject, type Json, type JsonObject, stringify } from '../trajectory/json.ts';
import type { Redacted } from '../trajectory/redacted.ts';
import type { Unit } from '../trajectory/unit.ts';
import {
  candidateHead,
  type Generator,
  generatorName,
  type PairCandidate,
  type PairInput,
  type RejectedReason,
  sideOf,
} from './candidate.ts';
import { isKnown } from './compare.ts';
import { type Answer, answersOf, canonicalEvent, isPrompt } from './shared-prefix.ts';

export const GENERATOR_RULES = {
  wrong_tool: {
    reason: 'wrong_tool',
    says: 'calls another tool of the same run, with the arguments that tool was given there',
  },
  wrong_argument: {
    reason: 'wrong_argument',
    says: 'one argument has the value that another call of the run gave to the same name',
  },
  drops_required: { reason: 'schema_invalid', says: 'leaves out an argument that the schema requires' },
  acts_early: { reason: 'policy_violating', says: 'makes a binding call before the check that the run made first' },
} as const satisfies Record<string, { reason: RejectedReason; says: string }>;
export type GeneratorRule = keyof typeof GENERATOR_RULES;

type CallEvent = Extract<LogEvent, { kind: 'tool_call' }>;
/** Whether calling a tool binds somebody; the tag room's rule, handed in. */
export type IsBinding = (unit: Unit, tool: string) => boolean;

const callsOf = (events: readonly LogEvent[]): CallEvent[] =>
  events.filter((event) => event.kind === 'tool_call') as CallEvent[];
/** Calls that a loader brings back as they were, and that no checker found fault with. */
const isSound = ({ toolCall }: CallEvent): boolean => isObject(toolCall.arguments) && toolCall.schemaValid !== false;
const argsOf = ({ toolCall }: CallEvent): JsonObject => toolCall.arguments as JsonObject;

const withCall = (call: CallEvent, name: string, given: JsonObject, schemaValid?: boolean): CallEvent => {
  const { schemaValid: _, ...rest } = call.toolCall;
  const made: ToolCall = { ...rest, name, arguments: given, argumentsRaw: stringify(given) };
  return { ...call, toolCall: schemaValid === undefined ? made : { ...made, schemaValid } };
};

type Change = (of: { unit: Unit; call: CallEvent; others: CallEvent[]; isBinding: IsBinding }) => CallEvent | null;

const CHANGES: Record<GeneratorRule, Change> = {
  wrong_tool({ call, others }) {
    const other = others.find(({ toolCall }) => toolCall.name !== call.toolCall.name);
    return other ? withCall(call, other.toolCall.name, argsOf(other)) : null;
  },
  wrong_argument({ call, others }) {
    const given = argsOf(call);
    for (const name of Object.keys(given).sort()) {
      const other = others.find((one) => isOtherValue(argsOf(one)[name], given[name]));
      if (other) return withCall(call, call.toolCall.name, { ...given, [name]: argsOf(other)[name]! });
    }
    return null;
  },
  drops_required({ unit, call }) {
    const parameters = unit.tools.find(({ name }) => name === call.toolCall.name)?.parameters;
    const required = isObject(parameters) && Array.isArray(parameters.required) ? parameters.required : [];
    const dropped = required.filter((name) => typeof name === 'string' && name in argsOf(call)).sort()[0];
    if (typeof dropped !== 'string') return null;
    const { [dropped]: _, ...given } = argsOf(call);
    return withCall(call, call.toolCall.name, given, false);
  },
  acts_early({ unit, call, others, isBinding }) {
    if (isBinding(unit, call.toolCall.name)) return null;
    const early = others.find((one) => one.seq > call.seq && isBinding(unit, one.toolCall.name));
    return early ? withCall(call, early.toolCall.name, argsOf(early)) : null;
  },
};

const isOtherValue = (other: Json | undefined, own: Json | undefined): boolean =>
  (typeof own === 'string' || typeof own === 'number') && typeof other === typeof own && other !== own;

/** @returns the answer made worse, or null when the rule finds nothing in this unit to do so with */
export function makeNegative(
  rule: GeneratorRule,
  unit: Redacted<Unit>,
  answer: Answer,
  isBinding: IsBinding,
): LogEvent[] | null {
  const [call, ...more] = callsOf(answer.events);
  if (!call || more.length > 0 || !isSound(call)) return null;
  const others = callsOf(unit.events).filter((one) => one.id !== call.id && isSound(one));
  const offered = new Set(unit.tools.map(({ name }) => name));
  const usable = others.filter(({ toolCall }) => offered.size === 0 || offered.has(toolCall.name));
  const worse = CHANGES[rule]({ unit, call, others: usable, isBinding });
  if (!worse || canonicalEvent(worse) === canonicalEvent(call)) return null;
  return answer.events.map((event) => (event.id === call.id ? worse : event));
}

/** Negatives of the units that are known to have succeeded, for each generator; one an answer and generator. */
export function synthesise(
  inputs: readonly PairInput[],
  generators: readonly Generator[],
  isBinding: IsBinding,
): PairCandidate[] {
  return inputs.flatMap(({ unit }) => {
    if (unit.outcome.value !== 'success' || !isKnown(unit)) return [];
    return answersOf(unit).flatMap((answer) => {
      if (!isPrompt(answer.prefix)) return [];
      return generators.flatMap((generator): PairCandidate[] => {
        const worse = makeNegative(generator.rule, unit, answer, isBinding);
        if (!worse) return [];
        const other = `${generatorName(generator)}\n${canonicalJson(worse.map(canonicalEvent))}`;
        const evidence = [unit.id, ...unit.outcome.evidence];
        return [
          {
            ...candidateHead({ unit, answer }, 'synthetic', 'synthetic', evidence, 'same_state', other),
            chosen: sideOf({ unit, answer }),
            rejected: sideOf({ unit, answer }),
            reason: GENERATOR_RULES[generator.rule].reason,
            generator,
          },
        ];
      });
    });
  });
}

/** All synthetic pairs of a release together, as a share of its pairs. */
export const MOST_SYNTHETIC = 0.3;

/** Synthetic pairs beside so many real ones that keep to a share of all. */
export const allowedBeside = (real: number, share: number): number =>
  share >= 1 ? Number.POSITIVE_INFINITY : Math.floor((real * share) / (1 - share) + 1e-9);
