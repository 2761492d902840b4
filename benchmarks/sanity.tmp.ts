import {
  cpdm,
  createTrainer,
  cvga,
  lDiffRec,
  loadDataset,
  mddm,
  type Recommender,
  withMatching,
} from "dmrec";

const [what, seconds, ...rest] = process.argv.slice(2);
const data = await loadDataset(process.env.DATA ?? "../shared/data/lastfm", { onWarning: () => {} });
const opts = rest[0] ? JSON.parse(rest[0]) : {};
const tr = rest[1] ? JSON.parse(rest[1]) : {};
const trainer = await createTrainer({ seed: 2024, threads: 1, ...tr });
const t0 = performance.now();
const model = what.startsWith("cvga")
  ? cvga({ interactions: data.train, ...opts })
  : lDiffRec({ interactions: data.train, ...opts });
console.log("made", ((performance.now() - t0) / 1000).toFixed(1), JSON.stringify(model.configuration));
let rec: Recommender = model;
if (what.includes("+"))
  rec = withMatching(model, {
    language: data.language,
    strategy: what.endsWith("c") ? cpdm({ beta: 0.6 }) : mddm({ beta: 0.5 }),
  });
const ac = new AbortController();
setTimeout(() => ac.abort(), Number(seconds) * 1000);
const r = await trainer.fit(rec, data, {
  signal: ac.signal,
  callbacks: [
    {
      onEvaluation: ({ epoch, metrics, best }) => {
        if (epoch % 30 === 0) console.log(what, epoch, metrics["recall@20"].toFixed(4), best);
      },
      onEpochEnd: ({ epoch, losses, seconds }) => {
        if (epoch % 30 === 0) console.log(epoch, JSON.stringify(losses), seconds.toFixed(3));
      },
    },
  ],
});
console.log(r.stopped, r.epochs, "best", r.bestEpoch, r.bestMetrics["recall@20"], r.secondsPerEpoch);
console.log("test now/best", (await trainer.evaluate(rec, data)).metrics);
