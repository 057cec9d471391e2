"""A real Presidio analyzer behind the HTTP shape of its own container: POST /analyze {text, language} -> spans.

Without a model download: the recognizers that work by pattern and check digit, over an empty English pipeline.
Prints its port and serves until it is killed.
"""
import json
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import spacy
import tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpEngineProvider

# the list of public suffixes that came with the package: nothing is fetched
tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
folder = tempfile.mkdtemp()
spacy.blank("en").to_disk(folder)
engine = NlpEngineProvider(
    nlp_configuration={"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": folder}]}
).create_engine()
registry = RecognizerRegistry()
registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        found = analyzer.analyze(text=request["text"], language=request["language"])
        body = json.dumps([result.to_dict() for result in found]).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
try:
    server.serve_forever()
except KeyboardInterrupt:
    sys.exit(0)
