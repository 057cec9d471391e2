/**
 * The training template of the Qwen3 family. It prints what the family's own template prints, byte for byte (code X05
 * checks that on every row), with `{% generation %}` around each answer and its stop token, unless the message says
 * `"train": false`. An answer is put together once, outside the markers, so that both branches print the same.
 */
export const QWEN3_TRAINING_TEMPLATE = String.raw`{#- Training template of Qwen3: the family's text, with the loss on what the assistant says. -#}
{%- set first = messages[0] %}
{%- set opening = first.content if first.role == 'system' else none %}
{%- if tools %}
    {{- '<|im_start|>system\n' ~ (opening ~ '\n\n' if opening is not none else '') }}
    {{- '# Tools\n\nYou may call one or more functions to assist with the user query.\n\nYou are provided with function signatures within <tools></tools> XML tags:\n<tools>' }}
    {%- for tool in tools %}{{ '\n' ~ tool | tojson }}{% endfor %}
    {{- '\n</tools>\n\nFor each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:\n<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call><|im_end|>\n' }}
{%- elif opening is not none %}
    {{- '<|im_start|>system\n' ~ opening ~ '<|im_end|>\n' }}
{%- endif %}
{#- Reasoning is shown from the last real question on. -#}
{%- set asked = namespace(last=messages | length - 1, found=false) %}
{%- for message in messages | reverse %}
    {%- if not asked.found and message.role == 'user' and not (message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set asked.found = true %}
        {%- set asked.last = messages | length - loop.index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.role == 'user' or (message.role == 'system' and not loop.first) %}
        {{- '<|im_start|>' ~ message.role ~ '\n' ~ message.content ~ '<|im_end|>\n' }}
    {%- elif message.role == 'assistant' %}
        {%- set thought = '' %}
        {%- set said = message.content %}
        {%- if message.reasoning_content is defined and message.reasoning_content is not none %}
            {%- set thought = message.reasoning_content %}
        {%- elif '</think>' in said %}
            {%- set thought = said.split('</think>')[0].rstrip('\n').split('<think>')[-1].lstrip('\n') %}
            {%- set said = said.split('</think>')[-1].lstrip('\n') %}
        {%- endif %}
        {%- set body %}
            {%- if loop.index0 > asked.last and (loop.last or thought) %}
                {{- '<think>\n' ~ thought.strip('\n') ~ '\n</think>\n\n' ~ said.lstrip('\n') }}
            {%- else %}
                {{- said }}
            {%- endif %}
            {%- for call in message.tool_calls or [] %}
                {%- if said or not loop.first %}{{ '\n' }}{% endif %}
                {%- set wanted = call.function or call %}
                {{- '<tool_call>\n{"name": "' ~ wanted.name ~ '", "arguments": ' }}
                {{- wanted.arguments if wanted.arguments is string else wanted.arguments | tojson }}
                {{- '}\n</tool_call>' }}
            {%- endfor %}
        {%- endset %}
        {{- '<|im_start|>assistant\n' }}
        {%- if message.train is not false %}{% generation %}{{ body ~ '<|im_end|>' }}{% endgeneration %}
        {%- else %}{{ body ~ '<|im_end|>' }}{% endif %}
        {{- '\n' }}
    {%- elif message.role == 'tool' %}
        {%- if loop.first or messages[loop.index0 - 1].role != 'tool' %}{{ '<|im_start|>user' }}{% endif %}
        {{- '\n<tool_response>\n' ~ message.content ~ '\n</tool_response>' }}
        {%- if loop.last or messages[loop.index0 + 1].role != 'tool' %}{{ '<|im_end|>\n' }}{% endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}{{ '<think>\n\n</think>\n\n' }}{% endif %}
{%- endif %}
`;
