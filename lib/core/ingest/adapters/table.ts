/** Every adapter there is. A new one is a line here; `specificity` in the adapter decides ties, not this order. */
import type { Adapter } from '../adapter.ts';
import { aiSdk } from './ai-sdk.ts';
import { aistudio } from './aistudio.ts';
import { alpaca } from './alpaca.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { atif } from './atif.ts';
import { bedrockConverse } from './bedrock-converse.ts';
import { chatMarkdown } from './chat-markdown.ts';
import { chatgpt } from './chatgpt.ts';
import { claudeAi } from './claude-ai.ts';
import { claudeCode } from './claude-code.ts';
import { cline } from './cline.ts';
import { codex } from './codex.ts';
import { cohereChat } from './cohere-chat.ts';
import { csv } from './csv.ts';
import { dialogue } from './dialogue.ts';
import { geminiApi } from './gemini-api.ts';
import { geminiCli } from './gemini-cli.ts';
import { generic } from './generic.ts';
import { grok } from './grok.ts';
import { helpdesk } from './helpdesk.ts';
import { httpExchange } from './http-exchange.ts';
import { inspect } from './inspect.ts';
import { irc } from './irc.ts';
import { langchain } from './langchain.ts';
import { langfuse } from './langfuse.ts';
import { langsmith } from './langsmith.ts';
import { librechat } from './librechat.ts';
import { miniSweAgent } from './mini-swe-agent.ts';
import { oasst } from './oasst.ts';
import { openaiAgents } from './openai-agents.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';
import { openhands } from './openhands.ts';
import { openinference } from './openinference.ts';
import { openwebui } from './openwebui.ts';
import { opik } from './opik.ts';
import { otlp } from './otlp.ts';
import { plainText } from './plain-text.ts';
import { preference } from './preference.ts';
import { sharegpt } from './sharegpt.ts';
import { sweAgent } from './swe-agent.ts';
import { tauBench } from './tau-bench.ts';
import { toolbench } from './toolbench.ts';

export const ADAPTERS: readonly Adapter[] = [
  aiSdk,
  aistudio,
  alpaca,
  anthropicMessages,
  atif,
  bedrockConverse,
  chatMarkdown,
  chatgpt,
  claudeAi,
  claudeCode,
  cline,
  codex,
  cohereChat,
  csv,
  dialogue,
  geminiApi,
  geminiCli,
  generic,
  grok,
  helpdesk,
  httpExchange,
  inspect,
  irc,
  langchain,
  langfuse,
  langsmith,
  librechat,
  miniSweAgent,
  oasst,
  openaiAgents,
  openaiChat,
  openaiResponses,
  openhands,
  openinference,
  openwebui,
  opik,
  otlp,
  plainText,
  preference,
  sharegpt,
  sweAgent,
  tauBench,
  toolbench,
];
