/** Every adapter there is. A new one is a line here; `specificity` in the adapter decides ties, not this order. */
import type { Adapter } from '../adapter.ts';
import { alpaca } from './alpaca.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { claudeCode } from './claude-code.ts';
import { geminiApi } from './gemini-api.ts';
import { generic } from './generic.ts';
import { langfuse } from './langfuse.ts';
import { oasst } from './oasst.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';
import { openinference } from './openinference.ts';
import { otlp } from './otlp.ts';
import { plainText } from './plain-text.ts';
import { preference } from './preference.ts';
import { sharegpt } from './sharegpt.ts';
import { tauBench } from './tau-bench.ts';

export const ADAPTERS: readonly Adapter[] = [
  alpaca,
  anthropicMessages,
  claudeCode,
  geminiApi,
  generic,
  langfuse,
  oasst,
  openaiChat,
  openaiResponses,
  openinference,
  otlp,
  plainText,
  preference,
  sharegpt,
  tauBench,
];
