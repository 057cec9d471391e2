import { count, percent } from '../ui/figures.ts';
import { Stat, StatRow } from '../ui/stat.tsx';

type Figures = {
  sampled: number;
  distinct: readonly [number, number, number];
  gzipRatio?: number;
  vendi: number;
  toolCoverage: { called: number; known: number };
  toolSequences: readonly { level: string; length: 1 | 2 | 3; different: number; entropyBits: number }[];
  clusterShares: { compared: number; clusters: number; largest: number; inClusters: number };
};

/** Each figure with what it means; a set of copies scores low on all of them. */
export function DiversityFigures({ diversity }: { diversity: Figures }) {
  const { distinct, gzipRatio, vendi, sampled, toolCoverage, toolSequences, clusterShares } = diversity;
  return (
    <div className="flex flex-col gap-4">
      <StatRow>
        <Stat
          label="Different things (Vendi)"
          value={vendi.toFixed(1)}
          hint={`of ${count(sampled)} questions; copies count as one`}
        />
        <Stat
          label="Distinct words, pairs, triples"
          value={distinct.map((share) => percent(share, 0)).join(', ')}
          hint="different runs over all runs, of what people asked"
        />
        <Stat
          label="Compresses to"
          value={gzipRatio === undefined ? 'not known' : percent(gzipRatio, 0)}
          hint="gzip; low means much repetition"
        />
        <Stat
          label="Tools called"
          value={`${count(toolCoverage.called)} of ${count(toolCoverage.known)}`}
          hint="of those offered or called in the sample"
        />
        <Stat
          label="Clusters of questions"
          value={count(clusterShares.clusters)}
          hint={
            clusterShares.compared > 0
              ? `largest ${percent(clusterShares.largest / clusterShares.compared)}, in clusters ${percent(clusterShares.inClusters / clusterShares.compared)} of ${count(clusterShares.compared)} units`
              : 'nothing was compared yet'
          }
          href="/coverage/clusters"
        />
      </StatRow>
      {toolSequences.length > 0 && (
        <table className="w-fit text-start">
          <caption className="pb-1 text-start text-ink-3 text-label">
            Sequences of tools by level: how many different ones, and how evenly they are used
          </caption>
          <thead className="text-ink-2 text-label">
            <tr>
              {['Level', 'Calls in a row', 'Different', 'Entropy'].map((head) => (
                <th key={head} scope="col" className="pe-6 text-start font-medium">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {toolSequences.map(({ level, length, different, entropyBits }) => (
              <tr key={`${level} ${length}`}>
                <td className="pe-6">{level}</td>
                <td className="pe-6">{length}</td>
                <td className="pe-6">{count(different)}</td>
                <td className="pe-6">{entropyBits.toFixed(2)} bit</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
