"""The dry run of a release: what the real trainers make of it, before anybody approves it (docs/exports.md).

Usage: dry_run.py RELEASE [--manifest FILE] [--out FILE] [--tokenizer TARGET=DIR]

Loads every config by both roads, compares each decoded row with its line, then trains a tiny model with random weights on
the CPU: LoRA SFT with loss on the assistant alone, then DPO from that adapter. Offline: any connection raises. The verdict
names assertions, configs and row ids, never a text. Exit 0: all hold; 1: one does not; 2: wrong usage.
"""

import argparse
import gzip
import hashlib
import importlib.metadata
import json
import logging
import math
import os
import shutil
import socket
import struct
import sys
import tempfile
import time
import warnings
from pathlib import Path

SCHEMA = "assay.dry-run/1"
SPLITS = ("train", "validation", "test")
STEPS = 3
SHOWN_FAILURES = 20
PACKAGES = ("torch", "transformers", "trl", "peft", "datasets", "accelerate")
SFT_ASSERTS = (
    "rows features deep_equal no_null text tokens labels decoded_targets kept no_warning finite "
    "adapter_saved adapter_reloads base_unchanged"
).split()
DPO_ASSERTS = (
    "rows features deep_equal no_null text tokens labels kept no_warning finite dpo_metrics "
    "adapter_saved adapter_reloads base_unchanged"
).split()
# What trainers and tokenizers say when they changed something that they were given.
BAD_WARNINGS = ("mismatch between tokenized", "truncat", "chat template", "end-of-turn", "stop token", "longer than the specified", "dropp")
# Targets whose tokenizer is not shipped are proven with one made on the spot, and this template.
SPOT_TEMPLATE = """\
{%- if tools %}<|system|>{% for tool in tools %}{{ tool | tojson }}{{ '\\n' }}{% endfor %}<|end|>{% endif %}
{%- for message in messages %}
    {%- set body %}{% if message.reasoning_content %}<think>{{ message.reasoning_content }}</think>{% endif %}{{ message.content }}
    {%- for call in message.tool_calls or [] %}<call>{{ call.function | tojson }}</call>{% endfor %}<|end|>{% endset %}
    {{- '<|' + message.role + '|>' }}
    {%- if message.role == 'assistant' and message.train is not false %}{% generation %}{{ body }}{% endgeneration %}
    {%- else %}{{ body }}{% endif %}
{%- endfor %}
{%- if add_generation_prompt %}<|assistant|>{% endif %}"""


def stay_offline():
    """Before any import of a library that could ask a hub; a connection is an error, not a delay."""
    os.environ.update(
        HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1",
        TOKENIZERS_PARALLELISM="false", CUDA_VISIBLE_DEVICES="", WANDB_DISABLED="true", TRL_EXPERIMENTAL_SILENCE="1",
    )

    def refuse(*_args, **_kwargs):
        raise OSError("the dry run is offline: no connection is made")

    socket.socket.connect = refuse
    socket.socket.connect_ex = refuse
    socket.create_connection = refuse
    socket.getaddrinfo = refuse


class Ledger:
    """Assertions of one trainer on one target. What was never looked at stays None, so silence is no pass."""

    def __init__(self, names):
        self.asserts = dict.fromkeys(names)
        self.failures = []

    def say(self, name, holds, config="", row=None, why=""):
        if holds:
            if self.asserts[name] is None:
                self.asserts[name] = True
            return
        self.asserts[name] = False
        if len(self.failures) < SHOWN_FAILURES:
            self.failures.append({"assert": name, "config": config, "row": row, "why": why})

    def verdict(self, may_miss):
        missing = [name for name, holds in self.asserts.items() if holds is None and name not in may_miss]
        passed = not missing and all(holds is not False for holds in self.asserts.values())
        return {"pass": passed, "asserts": self.asserts, "failures": self.failures}


class Warnings(logging.Handler):
    """Everything the libraries warn of while a block runs."""

    NAMES = ("trl", "transformers", "datasets", "peft", "accelerate", "py.warnings")

    def __init__(self):
        super().__init__(logging.WARNING)
        self.said = []

    def emit(self, record):
        self.said.append(str(record.getMessage()))

    def __enter__(self):
        logging.captureWarnings(True)
        warnings.simplefilter("always")
        for name in self.NAMES:
            logging.getLogger(name).addHandler(self)
        return self

    def __exit__(self, *_):
        for name in self.NAMES:
            logging.getLogger(name).removeHandler(self)
        logging.captureWarnings(False)

    def bad(self):
        return [word for word in BAD_WARNINGS if any(word in said.lower() for said in self.said)]


def open_text(path):
    raw = gzip.open(path) if path.suffix == ".gz" else open(path, "rb")
    return raw.read().decode("utf-8")


def read_lines(path):
    return [json.loads(line) for line in open_text(path).split("\n") if line]


def same(a, b):
    """Equal with their types: 1 is not 1.0 and not True; the order of keys is part of a row."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def added_null(loaded, line):
    """A null where the line has none: what a loader fills in for keys that it thinks are missing."""
    if loaded is None:
        return line is not None
    if isinstance(loaded, dict):
        return any(added_null(value, line.get(key) if isinstance(line, dict) else None) if key in (line or {}) else value is None for key, value in loaded.items())
    if isinstance(loaded, list) and isinstance(line, list):
        return any(map(added_null, loaded, line))
    return False


class Source:
    """The release as its own lines and manifest tell it; everything else is compared with this."""

    def __init__(self, folder, manifest):
        self.folder = folder
        self.manifest = manifest
        self.files = {}
        for entry in manifest["files"]:
            if entry.get("config"):
                self.files.setdefault(entry["config"], {}).setdefault(entry["split"], []).append(entry["path"])
        self.configs = [config["name"] for config in manifest["configs"]]
        self.counts = {config["name"]: config["splits"] for config in manifest["configs"]}
        self.lines = {
            config: {
                split: [row for path in sorted(paths) for row in read_lines(folder / path)]
                for split, paths in splits.items()
            }
            for config, splits in self.files.items()
        }


def check_roads(source, config, ledger):
    """@returns the rows of all splits as the trainer would get them, by the first road."""
    import datasets
    import yaml

    card = yaml.safe_load((source.folder / "README.md").read_text("utf-8").split("\n---\n", 1)[0][4:])
    declared = next(info["features"] for info in card["dataset_info"] if info["config_name"] == config)
    by_folder = datasets.load_dataset(str(source.folder), config)
    data_files = {
        split: [str(source.folder / path) for path in sorted(paths)]
        for split, paths in sorted(source.files[config].items(), key=lambda item: SPLITS.index(item[0]))
    }
    by_files = datasets.load_dataset("json", data_files=data_files)
    features = datasets.Features._from_yaml_list(declared)
    for road, loaded in (("folder", by_folder), ("json", by_files)):
        for split, expected in source.counts[config].items():
            rows = loaded[split] if split in loaded else []
            ledger.say("rows", len(rows) == expected, config, None, f"{road}: {split} has {len(rows)} rows, {expected} are due")
            for row, line in zip(rows, source.lines[config][split]):
                ledger.say("deep_equal", same(row, line), config, line["id"], f"{road}: another value, type or key")
                ledger.say("no_null", not added_null(row, line), config, line["id"], f"{road}: a null was filled in")
        extra = sorted(set(loaded) - set(source.counts[config]))
        ledger.say("rows", not extra, config, None, f"{road}: splits that the manifest lacks")
    for split in by_folder:
        ledger.say("features", by_folder[split].features == features, config, None, f"{split}: other features than the card")
    return datasets.concatenate_datasets([by_folder[split] for split in source.counts[config]])


class Target:
    """Tokenizer, template and what the release expects of them."""

    def __init__(self, source, name, folder, tokenizer_folder):
        from transformers import AutoTokenizer

        self.name = name
        self.spec = json.loads((folder / "target.json").read_text("utf-8"))
        self.tokenizer = AutoTokenizer.from_pretrained(str(tokenizer_folder))
        self.tokenizer.chat_template = (folder / "chat_template.jinja").read_text("utf-8")
        self.stop = self.spec["stopToken"]
        self.expected = {}
        for row in read_lines(folder / "expect.jsonl.gz"):
            self.expected[(row["config"], row["id"])] = row
        self.args = json.loads((source.folder / "trainer_args.json").read_text("utf-8"))["targets"][name]
        self.totals = next(target for target in source.manifest["targets"] if target["name"] == name)
        self.may_miss = ()


class SpotTarget:
    """No tokenizer came with the release: one is made of its own text, so that loading and training are still proven."""

    def __init__(self, source):
        from tokenizers import ByteLevelBPETokenizer
        from transformers import PreTrainedTokenizerFast

        self.name = "on-the-spot"
        self.stop = "<|end|>"
        special = ["<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|tool|>"]
        made = ByteLevelBPETokenizer()
        texts = (json.dumps(row, ensure_ascii=False) for splits in source.lines.values() for rows in splits.values() for row in rows)
        made.train_from_iterator(texts, vocab_size=2000, special_tokens=special, show_progress=False)
        self.tokenizer = PreTrainedTokenizerFast(tokenizer_object=made._tokenizer, eos_token=self.stop, pad_token="<|pad|>")
        self.tokenizer.chat_template = SPOT_TEMPLATE
        self.spec = {"family": "qwen3"}
        self.expected = {}
        args = {"max_length": None, "truncation_mode": "keep_start"}
        self.args = {
            "sft": {"args": {**args, "assistant_only_loss": True, "packing": False, "shuffle_dataset": False}},
            "dpo": {"args": {**args, "beta": 0.1, "loss_type": ["sigmoid"]}},
        }
        self.totals = None
        # Nothing to compare with: the release has no expectation for a tokenizer that it never saw.
        self.may_miss = ("text", "tokens", "labels")


def tiny_model(target):
    """Two layers of the target's family with random weights, always the same ones."""
    import torch
    import transformers

    torch.manual_seed(1)
    family = target.spec.get("family", "llama")
    prefix = {"qwen3": "Qwen3", "qwen2": "Qwen2", "llama": "Llama", "mistral": "Mistral", "gemma": "Gemma", "gemma3": "Gemma3"}.get(family, "Llama")
    # Gemma 3 calls its text model so.
    config_class = getattr(transformers, "Gemma3TextConfig" if prefix == "Gemma3" else f"{prefix}Config")
    config = config_class(
        vocab_size=len(target.tokenizer), hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=16, max_position_embeddings=1 << 17, tie_word_embeddings=True,
        pad_token_id=target.tokenizer.pad_token_id, eos_token_id=target.tokenizer.eos_token_id, bos_token_id=target.tokenizer.bos_token_id,
    )
    return getattr(transformers, f"{prefix}ForCausalLM")(config)


def digest(model, is_adapter):
    """SHA-256 over the weights of the adapter, or of everything else."""
    total = hashlib.sha256()
    for name, weight in sorted(model.state_dict().items()):
        if ("lora_" in name) == is_adapter and ".ref." not in name:
            total.update(weight.detach().contiguous().numpy().tobytes())
    return total.hexdigest()


def int32(numbers):
    return struct.pack(f"<{len(numbers)}i", *numbers)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def render(target, row, messages, **more):
    tools = json.loads(row["tools"]) if row.get("tools") else None
    return target.tokenizer.apply_chat_template(
        messages, tools=tools, tokenize=False, **(row.get("chat_template_kwargs") or {}), **more
    )


def trained_turns(target, ids, labels):
    """The text of each unbroken run of trained tokens."""
    runs, run = [], []
    for token, label in zip(ids, labels):
        if label != -100:
            run.append(token)
        elif run:
            runs.append(run)
            run = []
    if run:
        runs.append(run)
    return [target.tokenizer.decode(run, skip_special_tokens=False, clean_up_tokenization_spaces=False) for run in runs]


def says_turn(turn, message, stop):
    """A trained run is one assistant turn, whole, with its stop token."""
    parts = [message["content"].strip(), *(call["function"]["name"] for call in message.get("tool_calls") or [])]
    return turn.rstrip("\n").endswith(stop) and all(part in turn for part in parts)


def check_sft_rows(target, config, rows, prepared, ledger):
    """Every row as the trainer prepared it, against the row and what the release expects of it."""
    by_id = {row["id"]: row for row in prepared}
    for row in rows:
        got = by_id.get(row["id"])
        ledger.say("kept", got is not None, config, row["id"], "dropped by the trainer")
        if got is None:
            continue
        trained = [m for m in row["messages"] if m["role"] == "assistant" and m.get("train") is not False]
        turns = trained_turns(target, got["input_ids"], got["labels"])
        holds = len(turns) == len(trained) and all(says_turn(turn, m, target.stop) for turn, m in zip(turns, trained))
        ledger.say("decoded_targets", holds, config, row["id"], "trained tokens are not the answers that are to be trained")
        whole = len(target.tokenizer(render(target, row, row["messages"]), add_special_tokens=False)["input_ids"])
        ledger.say("kept", len(got["input_ids"]) == whole, config, row["id"], "cut by the trainer")
        expected = target.expected.get((config, row["id"]))
        if target.may_miss:
            continue
        if expected is None:
            ledger.say("text", False, config, row["id"], "the release expects nothing of this row")
            continue
        text = render(target, row, row["messages"])
        ledger.say("text", sha256(text.encode()) == expected["textSha256"], config, row["id"], "another text")
        ledger.say("tokens", len(got["input_ids"]) == expected["tokens"], config, row["id"], "another number of tokens")
        ledger.say("labels", sha256(int32(got["labels"])) == expected["labelsSha256"], config, row["id"], "another mask")


def check_dpo_rows(target, config, rows, prepared, ledger):
    by_id = {row["id"]: row for row in prepared}
    for row in rows:
        got = by_id.get(row["id"])
        ledger.say("kept", got is not None, config, row["id"], "dropped by the trainer")
        if got is None:
            continue
        prompt = render(target, row, row["prompt"], add_generation_prompt=True)
        sides = [render(target, row, row["prompt"] + row[side]) for side in ("chosen", "rejected")]
        for text, ids in zip(sides, (got["chosen_ids"], got["rejected_ids"])):
            whole = len(target.tokenizer(text, add_special_tokens=False)["input_ids"])
            ledger.say("kept", len(got["prompt_ids"]) + len(ids) == whole, config, row["id"], "cut by the trainer")
        expected = target.expected.get((config, row["id"]))
        if target.may_miss:
            continue
        if expected is None:
            ledger.say("text", False, config, row["id"], "the release expects nothing of this row")
            continue
        ledger.say("text", all(text.startswith(prompt) for text in sides), config, row["id"], "the prompt is no prefix")
        counts = [len(got[key]) for key in ("prompt_ids", "chosen_ids", "rejected_ids")]
        due = [expected[key] for key in ("prompt", "chosen", "rejected")]
        ledger.say("tokens", counts == due, config, row["id"], "another number of tokens")
        ids = got["prompt_ids"] + got["chosen_ids"] + got["rejected_ids"]
        ledger.say("labels", sha256(int32(ids)) == expected["idsSha256"], config, row["id"], "other ids")


def check_texts(target, source, config, ledger):
    """The rendered texts of each split in file order, each followed by NUL, against the manifest."""
    if target.totals is None:
        return
    for split, rows in source.lines[config].items():
        total = hashlib.sha256()
        for row in rows:
            if "messages" in row:
                texts = [render(target, row, row["messages"])]
            else:
                texts = [render(target, row, row["prompt"] + row[side]) for side in ("chosen", "rejected")]
            for text in texts:
                total.update(text.encode() + b"\0")
        due = target.totals["textSha256"].get(f"{config}/{split}")
        ledger.say("text", total.hexdigest() == due, config, None, f"{split}: other texts than the manifest says")


def check_lengths(target, config, longest, ledger):
    if target.totals is None:
        return
    due = target.totals["tokens"].get(config, {}).get("max")
    ledger.say("tokens", longest == due, config, None, f"the longest row has {longest} tokens, the manifest says {due}")


def pin_clock(source):
    """Templates may print the date: the manifest's, as it was when the texts were rendered."""
    import datetime
    import transformers.utils.chat_template_utils as utils

    date = (source.manifest.get("render") or {}).get("date")
    if date is None:
        return

    class Pinned(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromisoformat(date)

    utils.datetime = Pinned


def log_values(trainer, key):
    return [entry[key] for entry in trainer.state.log_history if key in entry]


def shortest_first(rows):
    """Three steps on the longest rows would say no more than on the shortest, and take their memory."""
    return rows.select(sorted(range(len(rows)), key=lambda at: len(json.dumps(rows[at]))))


def check_losses(trainer, config, ledger):
    losses = log_values(trainer, "loss")
    ledger.say("finite", len(losses) == STEPS and all(map(math.isfinite, losses)), config, None, "a loss is not finite")


def train_sft(target, config, model, rows, arguments, ledger):
    from trl import SFTConfig, SFTTrainer

    trainer = SFTTrainer(model=model, args=SFTConfig(**arguments), train_dataset=shortest_first(rows), processing_class=target.tokenizer)
    prepared = list(trainer.train_dataset)
    check_sft_rows(target, config, rows, prepared, ledger)
    check_lengths(target, config, max((len(row["input_ids"]) for row in prepared), default=0), ledger)
    trainer.train()
    check_losses(trainer, config, ledger)


def train_dpo(target, config, model, rows, arguments, ledger):
    from trl import DPOConfig, DPOTrainer

    trainer = DPOTrainer(model=model, args=DPOConfig(**arguments), train_dataset=shortest_first(rows), processing_class=target.tokenizer)
    prepared = list(trainer.train_dataset)
    check_dpo_rows(target, config, rows, prepared, ledger)
    longest = (len(row["prompt_ids"]) + max(len(row["chosen_ids"]), len(row["rejected_ids"])) for row in prepared)
    check_lengths(target, config, max(longest, default=0), ledger)
    trainer.train()
    check_losses(trainer, config, ledger)
    for key in ("rewards/margins", "rewards/accuracies"):
        values = log_values(trainer, key)
        ledger.say("dpo_metrics", len(values) > 0 and all(map(math.isfinite, values)), config, None, key)


def train(target, source, loaded, work):
    """@returns verdicts of SFT and DPO, and what the libraries warned of"""
    from peft import LoraConfig, PeftModel, get_peft_model

    common = {
        "max_steps": STEPS, "per_device_train_batch_size": 1, "logging_steps": 1, "save_strategy": "no", "report_to": "none",
        "use_cpu": True, "seed": 1, "data_seed": 1, "disable_tqdm": True, "learning_rate": 1e-3, "gradient_checkpointing": False,
        "dataloader_num_workers": 0, "train_sampling_strategy": "sequential",
    }
    lora = {"r": 8, "lora_alpha": 16, "lora_dropout": 0.0, "target_modules": "all-linear", "task_type": "CAUSAL_LM"}
    adapter = work / "sft"
    verdicts = {}
    for kind in ("sft", "dpo"):
        configs = [config for config in source.configs if config.startswith(kind)]
        if not configs:
            continue
        ledger = Ledger(SFT_ASSERTS if kind == "sft" else DPO_ASSERTS)
        base = tiny_model(target)
        if kind == "dpo" and (adapter / "adapter_model.safetensors").exists():
            model = PeftModel.from_pretrained(base, str(adapter), is_trainable=True)
        else:
            model = get_peft_model(base, LoraConfig(**lora))
        before = digest(model, False)
        with Warnings() as heard:
            for config in configs:
                rows = loaded[config](ledger)
                if rows is None:
                    continue
                check_texts(target, source, config, ledger)
                if "ref" in model.peft_config:
                    model.delete_adapter("ref")
                arguments = {**target.args[kind]["args"], **common, "output_dir": str(work / config)}
                try:
                    (train_sft if kind == "sft" else train_dpo)(target, config, model, rows, arguments, ledger)
                except Exception as error:  # noqa: BLE001: the message may quote a row
                    ledger.say("finite", False, config, None, f"the trainer raised {type(error).__name__}")
        saved = adapter if kind == "sft" else work / "dpo"
        model.save_pretrained(str(saved), selected_adapters=["default"])
        ledger.say("adapter_saved", (saved / "adapter_model.safetensors").exists(), why="no adapter file")
        again = PeftModel.from_pretrained(tiny_model(target), str(saved))
        ledger.say("adapter_reloads", digest(again, True) == digest(model, True), why="other weights after reloading")
        ledger.say("base_unchanged", digest(model, False) == before, why="the base model changed")
        for word in heard.bad():
            ledger.say("no_warning", False, why=f"a library warned of: {word}")
        ledger.say("no_warning", not heard.bad())
        verdicts[kind] = ledger.verdict(target.may_miss)
    return verdicts


def load_all(source):
    """Loads each config once; what was found is said again to every target that asks."""
    found = {}
    for config in source.configs:
        ledger = Ledger(("rows", "features", "deep_equal", "no_null"))
        rows = None
        try:
            rows = check_roads(source, config, ledger)
        except Exception as error:  # noqa: BLE001: what a loader raises may quote a row, so only its kind is told
            ledger.say("rows", False, config, None, f"the loader raised {type(error).__name__}")
        found[config] = (rows, ledger)

    def tell(config):
        def to(ledger):
            rows, own = found[config]
            for name, holds in own.asserts.items():
                if holds is not None:
                    ledger.say(name, holds, config, None, "see the rows named")
            ledger.failures.extend(own.failures[: SHOWN_FAILURES - len(ledger.failures)])
            return rows

        return to

    return {config: tell(config) for config in source.configs}


def find_targets(source, given):
    folders = sorted(path.parent for path in (source.folder / "targets").glob("*/target.json"))
    targets = []
    for folder in folders:
        tokenizer = given.get(folder.name, folder)
        if (tokenizer / "tokenizer.json").exists():
            targets.append(Target(source, folder.name, folder, tokenizer))
    return targets or [SpotTarget(source)]


def run(folder, manifest, tokenizers, work):
    started = time.monotonic()
    source = Source(folder, manifest)
    loaded = load_all(source)
    pin_clock(source)
    targets = {}
    for target in find_targets(source, tokenizers):
        targets[target.name] = train(target, source, loaded, work / target.name)
    passed = bool(targets) and all(kind["pass"] for kinds in targets.values() for kind in kinds.values())
    versions = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {
        "schema": SCHEMA,
        "release": manifest["release"]["id"],
        "versions": {"python": ".".join(map(str, sys.version_info[:3])), **versions},
        "targets": targets,
        "pass": passed,
        "seconds": round(time.monotonic() - started, 1),
    }


def main():
    parser = argparse.ArgumentParser(description="Trains on a release, offline, and says what the trainers made of it.")
    parser.add_argument("release", type=Path)
    parser.add_argument("--manifest", type=Path, help="of a release that is built and not signed yet")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--tokenizer", action="append", default=[], metavar="TARGET=DIR")
    asked = parser.parse_args()
    manifest_file = asked.manifest or asked.release / "manifest.json"
    if not manifest_file.exists():
        parser.error("there is no manifest.json: name a release folder")
    tokenizers = {name: Path(folder) for name, _, folder in (pair.partition("=") for pair in asked.tokenizer)}
    stay_offline()
    work = Path(tempfile.mkdtemp(prefix="assay-dry-run-"))
    os.environ.update(HF_HOME=str(work / "hf"), HF_DATASETS_CACHE=str(work / "cache"))
    try:
        manifest = json.loads(manifest_file.read_text("utf-8"))
        import datasets

        datasets.disable_progress_bars()
        verdict = run(asked.release.resolve(), manifest, tokenizers, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    text = json.dumps(verdict, ensure_ascii=False)
    if asked.out:
        asked.out.write_text(text + "\n", "utf-8")
    print(text)
    return 0 if verdict["pass"] else 1


if __name__ == "__main__":
    sys.exit(main())
