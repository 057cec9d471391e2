/** A stream of UI message parts put together to the message that it makes on the screen. */
import type { ErrorInfo } from '../../trajectory/event.ts';
import { isObject, type Json, type JsonObject } from '../../trajectory/json.ts';
import { asId, asText } from '../shared/json-access.ts';

const PART =
  /^(?:start|start-step|finish-step|finish|abort|error|message-metadata|text-(?:start|delta|end)|reasoning-(?:start|delta|end)|tool-input-(?:start|delta|available|error)|tool-output-(?:available|error|denied)|tool-approval-request|source-url|source-document|file|data-.{1,200})$/;
/** Words that other logs use too count only with a field of ours beside them. */
const COMMON = /^(?:start|finish|abort|error|file|data-.{1,200})$/;

export function isStreamPart(value: Json | undefined): boolean {
  const type = isObject(value) ? asText(value.type) : undefined;
  if (type === undefined || !PART.test(type) || 'role' in (value as JsonObject)) return false;
  if (!COMMON.test(type)) return true;
  const part = value as JsonObject;
  return (
    'messageId' in part ||
    'errorText' in part ||
    'reason' in part ||
    Object.keys(part).length === 1 ||
    'finishReason' in part ||
    'messageMetadata' in part ||
    (type.startsWith('data-') && 'data' in part) ||
    'mediaType' in part
  );
}

export class UiStream {
  isOver = false;
  failure: ErrorInfo | undefined;
  usage: Json | undefined;
  finishReason: Json | undefined;
  private id: string | undefined;
  private metadata: Json | undefined;
  private readonly parts: JsonObject[] = [];
  private readonly open = new Map<string, JsonObject>();

  take(part: JsonObject): void {
    const type = asText(part.type) ?? '';
    const id = asId(part.id) ?? asId(part.toolCallId) ?? '';
    if (type === 'start') {
      this.id = asId(part.messageId);
      this.metadata = part.messageMetadata ?? this.metadata;
    } else if (type === 'start-step') this.parts.push({ type: 'step-start' });
    else if (type === 'finish' || type === 'abort') {
      this.isOver = type === 'finish';
      if (type === 'abort') this.failure = { where: 'app', type, message: asText(part.reason) ?? 'aborted' };
      this.finishReason = part.finishReason ?? this.finishReason;
      this.usage =
        part.totalUsage ?? part.usage ?? (isObject(part.messageMetadata) ? part.messageMetadata.usage : undefined);
    } else if (type === 'error') this.failure = { where: 'provider', message: asText(part.errorText) ?? '' };
    else if (type === 'message-metadata') this.metadata = part.messageMetadata;
    else if (/^(?:text|reasoning)-(?:start|delta)$/.test(type))
      this.grow(type.split('-')[0]!, id, asText(part.delta) ?? '');
    else if (type.startsWith('tool-')) this.tool(type, id, part);
    else if (/^(?:source-|file$|data-)/.test(type)) this.parts.push(part);
  }

  message(): JsonObject {
    return {
      role: 'assistant',
      parts: this.parts,
      ...(this.id !== undefined && { id: this.id }),
      ...(this.metadata !== undefined && { metadata: this.metadata }),
    };
  }

  private grow(kind: string, id: string, delta: string): void {
    const key = `${kind} ${id}`;
    const part = this.open.get(key) ?? this.begin(key, { type: kind, text: '' });
    part.text = `${part.text}${delta}`;
  }

  private tool(type: string, id: string, part: JsonObject): void {
    const key = `tool ${id}`;
    const call =
      this.open.get(key) ??
      this.begin(key, {
        type: 'dynamic-tool',
        toolCallId: id,
        toolName: part.toolName ?? '',
        state: 'input-streaming',
      });
    if (part.toolName !== undefined) call.toolName = part.toolName;
    if (part.providerExecuted !== undefined) call.providerExecuted = part.providerExecuted;
    if (type === 'tool-input-delta')
      call.rawInput = `${asText(call.rawInput) ?? ''}${asText(part.inputTextDelta) ?? ''}`;
    else if (type === 'tool-input-available' || type === 'tool-input-error') {
      call.input = part.input ?? null;
      call.state = type === 'tool-input-error' ? 'output-error' : 'input-available';
      if (part.errorText !== undefined) call.errorText = part.errorText;
    } else if (type === 'tool-output-available')
      Object.assign(call, { state: 'output-available', output: part.output ?? null });
    else if (type === 'tool-output-error')
      Object.assign(call, { state: 'output-error', errorText: part.errorText ?? '' });
    else if (type === 'tool-output-denied') call.state = 'output-denied';
  }

  private begin(key: string, part: JsonObject): JsonObject {
    this.open.set(key, part);
    this.parts.push(part);
    return part;
  }
}
