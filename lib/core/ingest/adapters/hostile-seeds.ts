/** Small logs of further formats that `hostile.test.ts` mangles; what they mean is tested elsewhere. */
const ask = { role: 'user', content: 'Hi' };
const said = (text: string) => ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] });
const at = '2026-03-01T09:00:00Z';
const generated = (parts: unknown[], more = {}) => ({
  candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP' }],
  usageMetadata: {},
  modelVersion: 'g',
  ...more,
});

export const MORE_SEEDS: Record<string, unknown[]> = {
  'openai-responses': [
    {
      request: {
        model: 'm',
        instructions: 'Be',
        input: [ask],
        tools: [{ type: 'function', name: 'f', parameters: {} }],
      },
      response: {
        object: 'response',
        id: 'r',
        status: 'completed',
        output: [
          { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
          { type: 'reasoning', summary: [{ text: 's' }] },
        ],
      },
    },
    {
      object: 'response',
      id: 's',
      previous_response_id: 'r',
      output: [said('x')],
      error: null,
      usage: { input_tokens: 1 },
    },
    { type: 'response.created', response: { id: 'q', object: 'response', output: [] } },
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'x' },
  ],
  'openai-agents': [
    { object: 'trace', id: 't', workflow_name: 'W' },
    {
      object: 'trace.span',
      id: 'a',
      trace_id: 't',
      parent_id: null,
      started_at: at,
      span_data: { type: 'generation', input: [ask], output: [{ role: 'assistant', content: 'x' }] },
      error: { message: 'e', data: {} },
    },
    {
      $schemaVersion: '1.0',
      currentAgent: { name: 'A' },
      originalInput: [ask],
      modelResponses: [{ output: [said('x')] }],
      generatedItems: [
        { type: 'tool_call_item', rawItem: { type: 'function_call', callId: 'c', name: 'f', arguments: '{}' } },
      ],
      context: { approvals: { f: { approved: true } } },
    },
    { input: 'x', raw_responses: [{ output: [said('x')] }], final_output: 'x' },
  ],
  'gemini-api': [
    {
      request: {
        contents: [{ role: 'user', parts: [{ text: 'x' }, { inlineData: { mimeType: 'image/png', data: 'AA==' } }] }],
        tools: [{ functionDeclarations: [{ name: 'f' }] }],
      },
      response: generated([{ functionCall: { name: 'f', args: {} } }, { text: 't', thought: true }]),
    },
    generated([{ text: 'a' }], { responseId: 'r', promptFeedback: { blockReason: 'X' } }),
    { method: 'generateContent', response: [generated([{ text: 'a' }])] },
    { event_type: 'step.delta', index: 0, delta: { type: 'text', text: 'x' } },
    {
      object: 'interaction',
      id: 'i',
      input: 'x',
      steps: [{ type: 'function_call', id: 'c', name: 'f', arguments: {} }],
    },
  ],
  'bedrock-converse': [
    {
      request: {
        modelId: 'm',
        system: [{ text: 's' }],
        messages: [{ role: 'user', content: [{ text: 'x' }, { image: { format: 'png', source: { bytes: 'AA==' } } }] }],
        toolConfig: { tools: [] },
      },
      response: {
        output: { message: { role: 'assistant', content: [{ toolUse: { toolUseId: 't', name: 'f', input: {} } }] } },
        stopReason: 'tool_use',
        usage: {},
      },
    },
    { messageStart: { role: 'assistant' } },
    { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'x', reasoningContent: { text: 'r' } } } },
  ],
  'cohere-chat': [
    {
      id: 'c',
      finish_reason: 'COMPLETE',
      message: {
        role: 'assistant',
        tool_plan: 'p',
        content: [{ type: 'text', text: 'x' }],
        tool_calls: [{ id: 't', function: { name: 'f', arguments: '{}' } }],
        citations: [{ sources: [{ id: 'd', document: { text: 'x' } }] }],
      },
    },
    { type: 'message-start', id: 'd', delta: {} },
    { type: 'tool-call-delta', index: 0, delta: { message: { tool_calls: { function: { arguments: '{' } } } } },
  ],
  codex: [
    { timestamp: at, type: 'session_meta', payload: { id: 's', instructions: 'x' } },
    { timestamp: at, type: 'turn_context', payload: { model: 'm' } },
    {
      timestamp: at,
      type: 'response_item',
      payload: { type: 'function_call', name: 'shell', call_id: 'c', arguments: '{}' },
    },
    {
      timestamp: at,
      type: 'response_item',
      payload: { type: 'function_call_output', call_id: 'c', output: '{"output":"x","metadata":{"exit_code":0}}' },
    },
    { timestamp: at, type: 'event_msg', payload: { type: 'agent_message', message: 'x' } },
    {
      timestamp: at,
      type: 'event_msg',
      payload: { type: 'token_count', info: { last_token_usage: { input_tokens: 1 } } },
    },
  ],
  'gemini-cli': [
    {
      sessionId: 's',
      projectHash: 'h',
      messages: [
        { id: '1', type: 'user', content: 'x', timestamp: at },
        {
          id: '2',
          type: 'gemini',
          content: 'y',
          thoughts: [{ subject: 's', description: 'd' }],
          toolCalls: [
            {
              id: 'c',
              name: 'f',
              args: {},
              status: 'error',
              result: [{ functionResponse: { response: { output: 'x' } } }],
            },
          ],
          tokens: { input: 1 },
        },
      ],
    },
  ],
  cline: [
    {
      version: 1,
      agent: 'lead',
      sessionId: 's',
      system_prompt: 'x',
      messages: [
        {
          id: '1',
          role: 'user',
          content: [
            { type: 'text', text: 'x' },
            { type: 'file', path: 'p', content: 'c' },
          ],
          metadata: { kind: 'compaction' },
        },
        {
          id: '2',
          role: 'assistant',
          content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }],
          modelInfo: { id: 'm' },
          metadata: { compaction: 'preserved' },
        },
      ],
    },
  ],
  openhands: [
    {
      instance_id: 'x',
      instruction: 'y',
      history: [
        {
          id: 1,
          source: 'agent',
          action: 'run',
          args: { command: 'ls', thought: 't' },
          tool_call_metadata: {
            tool_call_id: 'c',
            function_name: 'f',
            model_response: {
              id: 'r',
              choices: [{ message: { tool_calls: [{ id: 'c', function: { arguments: '{}' } }] } }],
            },
          },
        },
        { cause: 1, source: 'environment', observation: 'run', content: 'x', extras: { exit_code: 1 } },
      ],
      test_result: { resolved: true },
      success: true,
      error: 'x',
    },
    {
      id: '1',
      timestamp: at,
      source: 'agent',
      kind: 'ActionEvent',
      thought: [{ type: 'text', text: 'x' }],
      tool_name: 'f',
      tool_call_id: 'c',
      tool_call: { arguments: '{}' },
      llm_response_id: 'r',
    },
    {
      id: '2',
      timestamp: at,
      source: 'environment',
      kind: 'ObservationEvent',
      observation: { content: [{ type: 'text', text: 'x' }], exit_code: 1 },
      tool_call_id: 'c',
    },
    { id: '3', timestamp: at, source: 'user', kind: 'MessageEvent', llm_message: ask },
  ],
  'swe-agent': [
    {
      trajectory: [{ action: 'ls', observation: 'x', thought: 't', response: 'r', execution_time: 1 }],
      history: [
        { role: 'assistant', content: 't\n```\nls\n```', thought: 't', action: 'ls', agent: 'main' },
        { role: 'tool', content: 'x', tool_call_ids: ['c'], agent: 'main' },
        { role: 'user', content: 'd', is_demo: true, agent: 'main' },
      ],
      info: { exit_status: 'exit_cost' },
    },
    { instance_id: 'x', trajectory: [{ role: 'ai', text: 'x' }], exit_status: 'submitted', target: true },
  ],
  'mini-swe-agent': [
    {
      info: { exit_status: 'Submitted', config: {} },
      messages: [
        { role: 'assistant', content: '```bash\nls\n```', extra: { response: { id: 'r', usage: {} } } },
        { role: 'user', content: '<returncode>0</returncode><output>x</output>' },
      ],
    },
  ],
  atif: [
    {
      schema_version: 'ATIF-v1.5',
      session_id: 's',
      agent: { name: 'a', tool_definitions: [] },
      steps: [
        {
          step_id: 1,
          source: 'agent',
          message: 'x',
          tool_calls: [{ tool_call_id: 'c', function_name: 'f', arguments: {} }],
          observation: {
            results: [{ source_call_id: 'c', content: 'x', subagent_trajectory_ref: [{ session_id: 'k' }] }],
          },
          metrics: { prompt_tokens: 1 },
        },
      ],
      subagent_trajectories: [{ session_id: 'k', steps: [] }],
    },
  ],
  inspect: [
    {
      version: 2,
      status: 'success',
      eval: { run_id: 'r' },
      samples: [
        {
          id: 1,
          epoch: 1,
          input: 'x',
          target: 'y',
          messages: [
            ask,
            { role: 'assistant', content: '', tool_calls: [{ id: 't', function: 'f', arguments: {} }] },
            { role: 'tool', tool_call_id: 't', function: 'f', content: 'x', error: { type: 't' } },
          ],
          scores: { s: { value: { a: 1 } } },
          limit: { type: 'token' },
        },
      ],
    },
    {
      id: 1,
      epoch: 1,
      input: 'x',
      target: 'y',
      events: [
        {
          event: 'model',
          input_refs: [[0, 1]],
          output: { choices: [{ message: { role: 'assistant', content: 'x' } }] },
        },
        { event: 'tool', id: 't', function: 'f', result: 'x' },
      ],
      message_pool: [ask],
    },
  ],
  toolbench: [
    {
      win: true,
      tree: {
        tree: {
          node_type: 'Action Input',
          description: '',
          children: [
            {
              node_type: 'Action',
              description: 'f',
              children: [
                {
                  node_type: 'Action Input',
                  description: '{}',
                  observation: 'x',
                  observation_code: 0,
                  children: [{ node_type: 'Thought', description: 't', pruned: true, children: [] }],
                },
              ],
            },
          ],
        },
      },
      answer_generation: { query: 'q', function: [], train_messages: [[ask]], final_answer: 'x' },
    },
    {
      '1': {
        query: 'q',
        available_tools: [],
        answer: { final_answer: 'x', answer_details: [{ role: 'tool', message: "{'name': 'f'}", next: [] }] },
      },
    },
  ],
  langsmith: [
    {
      post: [
        {
          id: 'a',
          trace_id: 'a',
          run_type: 'llm',
          dotted_order: '20260301T090000000000Za',
          inputs: { messages: [ask] },
          start_time: 1767258000000,
          events: [{ name: 'new_token', time: at }],
        },
      ],
      patch: [
        {
          trace_id: 'a',
          dotted_order: '20260301T090000000000Za',
          outputs: { choices: [{ message: { role: 'assistant', content: 'x' } }], usage_metadata: {} },
          end_time: 1767258001000,
        },
      ],
    },
    {
      id: 'b',
      trace_id: 'a',
      parent_run_id: 'a',
      run_type: 'tool',
      name: 'f',
      inputs: { input: '{}' },
      outputs: { output: 'x' },
      error: 'e',
      feedback_stats: { k: { avg: 1 } },
    },
    { run_id: 'a', key: 'k', score: 1, correction: { output: 'x' } },
  ],
  opik: [
    {
      id: 't',
      project_id: 'p',
      thread_id: 'h',
      input: { q: 'x' },
      output: 'y',
      feedback_scores: [{ name: 'n', value: 1 }],
      start_time: at,
    },
    {
      id: 's',
      trace_id: 't',
      project_id: 'p',
      type: 'llm',
      input: { messages: [ask] },
      output: { choices: [] },
      error_info: { message: 'e' },
      start_time: at,
    },
  ],
  'ai-sdk': [
    {
      messages: [
        { id: '1', role: 'user', parts: [{ type: 'text', text: 'x' }] },
        {
          id: '2',
          role: 'assistant',
          parts: [
            { type: 'step-start' },
            {
              type: 'tool-f',
              toolCallId: 'c',
              state: 'output-available',
              input: {},
              output: 'x',
              approval: { approved: true },
            },
            { type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,AA==' },
          ],
        },
      ],
    },
    { type: 'start', messageId: 'm' },
    { type: 'tool-input-delta', toolCallId: 'c', inputTextDelta: '{' },
  ],
  langchain: [
    {
      messages: [
        { type: 'human', content: 'x', additional_kwargs: {} },
        {
          lc: 1,
          type: 'constructor',
          id: ['AIMessage'],
          kwargs: {
            content: '',
            tool_calls: [{ id: 'c', name: 'f', args: {} }],
            additional_kwargs: { tool_calls: [{ function: { arguments: '{}' } }] },
          },
        },
      ],
    },
    {
      type: 'ai',
      content: [{ type: 'text', text: 'x' }],
      tool_calls: [],
      invalid_tool_calls: [{ name: 'f', args: '{' }],
    },
  ],
  chatgpt: [
    {
      conversation_id: 'c',
      current_node: 'b',
      mapping: {
        a: {
          id: 'a',
          parent: null,
          children: ['b'],
          message: {
            author: { role: 'user' },
            content: { content_type: 'multimodal_text', parts: ['x', { asset_pointer: 'f' }] },
            recipient: 'all',
            create_time: 1767258000.5,
          },
        },
        b: {
          id: 'b',
          parent: 'a',
          children: [],
          message: {
            author: { role: 'assistant' },
            content: { content_type: 'code', text: 'x' },
            recipient: 'python',
            metadata: { model_slug: 'm' },
          },
        },
      },
    },
  ],
  'claude-ai': [
    {
      uuid: 'c',
      chat_messages: [
        {
          uuid: '1',
          sender: 'human',
          text: 'x',
          content: [{ type: 'text', text: 'x' }],
          attachments: [{ file_name: 'f', extracted_content: 'y' }],
        },
        { uuid: '2', parent_message_uuid: '1', sender: 'assistant', content: [] },
      ],
    },
  ],
  grok: [
    {
      conversations: [
        {
          conversation: { id: 'g' },
          responses: [
            {
              response: {
                _id: '1',
                message: 'x',
                sender: 'human',
                create_time: { $date: { $numberLong: '1767258000000' } },
              },
            },
          ],
        },
      ],
    },
  ],
  aistudio: [
    {
      runSettings: { model: 'models/m' },
      systemInstruction: { parts: [{ text: 's' }] },
      chunkedPrompt: {
        chunks: [
          { role: 'user', text: 'x' },
          { role: 'model', text: 'y', isThought: true },
        ],
      },
    },
  ],
  librechat: [
    {
      conversationId: 'l',
      messagesTree: [
        {
          messageId: 'q',
          isCreatedByUser: true,
          text: 'x',
          children: [
            {
              messageId: 'a',
              isCreatedByUser: false,
              content: [{ type: 'tool_call', tool_call: { id: 't', name: 'f', args: '{}', output: 'x' } }],
              feedback: { rating: 'thumbsUp' },
            },
          ],
        },
      ],
    },
  ],
  openwebui: [
    {
      id: 'w',
      history: {
        currentId: 'a',
        messages: {
          q: { id: 'q', parentId: null, role: 'user', content: 'x' },
          a: {
            id: 'a',
            parentId: 'q',
            role: 'assistant',
            content: '<details type="reasoning">> x</details>y',
            originalContent: 'z',
            annotation: { rating: 1 },
            sources: [{ document: ['x'] }],
          },
        },
      },
    },
  ],
  'http-exchange': [
    {
      request: {
        method: 'POST',
        uri: 'https://a.example/v1/chat/completions',
        body: JSON.stringify({ model: 'm', messages: [ask] }),
        headers: {},
      },
      response: {
        status: { code: 200 },
        body: {
          string:
            'data: {"id":"x","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"y"}}]}\n\n',
        },
        headers: {},
      },
    },
    {
      scope: 'https://a.example',
      method: 'POST',
      path: '/v1/messages',
      status: 429,
      response: { type: 'error', error: { type: 'overloaded_error', message: 'm' } },
    },
  ],
  dialogue: [
    {
      convo_id: 1,
      scenario: {},
      original: [
        ['customer', 'x'],
        ['action', 'y'],
      ],
      delexed: [{}, { targets: ['i', 'n', 'a', ['v']] }],
    },
    { conversation_id: 'd', utterances: [{ speaker: 'USER', text: 'x' }], csat: 4 },
  ],
  helpdesk: [
    {
      type: 'message',
      user: 'U',
      text: 'x',
      ts: '1767258000.000100',
      thread_ts: '1767258000.000100',
      reactions: [{ name: '+1', count: 1 }],
    },
    {
      id: 'i',
      source: { body: 'x', author: { type: 'user' } },
      conversation_parts: { conversation_parts: [{ part_type: 'comment', body: 'y', author: { type: 'admin' } }] },
      conversation_rating: { rating: 5 },
    },
    {
      id: 7,
      subject: 's',
      requester_id: 1,
      comments: [{ author_id: 1, body: 'x', public: true }],
      satisfaction_rating: { score: 'good' },
    },
  ],
};
