/** Every adapter there is. A new one is a line here; `specificity` in the adapter decides ties, not this order. */
import type { Adapter } from '../adapter.ts';
import { alpaca } from './alpaca.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { atif } from './atif.ts';
import { bedrockConverse } from './bedrock-converse.ts';
import { claudeCode } from './claude-code.ts';
import { cline } from './cline.ts';
import { codex } from './codex.ts';
import { cohereChat } from './cohere-chat.ts';
import { geminiApi } from './gemini-api.ts';
import { geminiCli } from './gemini-cli.ts';
import { generic } from './generic.ts';
import { httpExchange } from './http-exchange.ts';
import { inspect } from './inspect.ts';
import { langfuse } from './langfuse.ts';
import { miniSweAgent } from './mini-swe-agent.ts';
import { oasst } from './oasst.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';
import { openhands } from './openhands.ts';
import { openinference } from './openinference.ts';
import { otlp } from './otlp.ts';
import { plainText } from './plain-text.ts';
import { preference } from './preference.ts';
import { sharegpt } from './sharegpt.ts';
import { sweAgent } from './swe-agent.ts';
import { tauBench } from './tau-bench.ts';
import { toolbench } from './toolbench.ts';

export const ADAPTERS: readonly Adapter[] = [
  alpaca,
  anthropicMessages,
  atif,
  bedrockConverse,
  claudeCode,
  cline,
  codex,
  cohereChat,
  geminiApi,
  geminiCli,
  generic,
  httpExchange,
  inspect,
  langfuse,
  miniSweAgent,
  oasst,
  openaiChat,
  openaiResponses,
  openhands,
  openinference,
  otlp,
  plainText,
  preference,
  sharegpt,
  sweAgent,
  tauBench,
  toolbench,
];
