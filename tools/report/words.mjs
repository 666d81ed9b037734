// All words of reports, in English and Chinese.

const WORDS = {
  'share': ['share', '比例'],
  'cell': ['cell', '单元'],
  'mean': ['mean', '均值'],
  'low': ['95 % interval from', '95% 区间下限'],
  'high': ['to', '上限'],
  'from': ['from', '从'],
  'to': ['to', '到'],
  'up': ['available', '可用'],
  'down': ['unavailable', '不可用'],
  'time': ['virtual time (s)', '虚拟时间（秒）'],
  'faults': ['faults', '故障'],
  'ecdf.y': ['share of runs', '运行比例'],
  'language': ['中文', 'English'],
  'theme': ['light or dark', '浅色或深色'],
  'metric': ['Metric', '指标'],
  'title': ['Sweep of {scenario}', '参数扫描：{scenario}'],
  'facts': ['{runs} runs in {cells} cells, {repeats} · digest {digest} · commit {commit}',
            '{cells} 个单元中的 {runs} 次运行，{repeats} · 摘要 {digest} · 提交 {commit}'],
  'repeats': ['{repeat} repeats with the same seeds', '每个单元用相同的种子重复 {repeat} 次'],
  'repeats.precision': ['repeated until {metric} is precise', '重复直到 {metric} 足够精确'],
  'ecdf.title': ['Distribution in each cell', '各单元的分布'],
  'ecdf.what': ['The share of runs with at most so much. A run is one observation; excluded runs are left out.',
                '指标不超过该值的运行比例。每次运行是一个观测值，不含被排除的运行。'],
  'means.title': ['Mean against {along}', '均值与 {along}'],
  'means.what': ['The mean of the runs of each cell, with its 95 % interval (Student).',
                 '各单元所有运行的均值及其 95% 置信区间（Student）。'],
  'heat.title': ['{across} against {down}', '{across} 与 {down}'],
  'heat.what': ['The mean of each cell.', '各单元的均值。'],
  'heat.others': ['The mean of each cell, averaged over the other parameters: {others}.',
                  '各单元的均值，对其他参数取平均：{others}。'],
  'availability.title': ['Availability over time', '可用性随时间的变化'],
  'availability.what': ['When a leader that a quorum follows was established, in the first run of each cell, and what was done to the servers.',
                        '各单元第一次运行中，何时有被过半服务器跟随的领导者，以及对服务器做了什么。'],
  'table.title': ['All cells', '全部单元'],
  'warnings.title': ['Cells differ in what was not varied', '各单元在未改变的方面有差异'],
  'warnings.what': ['A difference of the metric may come from these, not from the parameters:',
                    '指标的差异可能来自以下方面，而不是参数：'],
  'warning.leader_clients': ['clients connected to a leader', '与领导者连接的客户端数'],
  'warning.writes_at_leader': ['share of writes that went to the leader', '发给领导者的写入比例'],
  'warning.faults_requested': ['faults requested', '请求的故障数'],
  'warning.faults_effective': ['faults that took effect', '生效的故障数'],
  'warning.excluded': ['share of runs that were excluded', '被排除的运行比例'],
  'warning.range': ['{what}: from {low} ({lowest}) to {high} ({highest}), in the mean',
                    '{what}：均值从 {low}（{lowest}）到 {high}（{highest}）'],
  'warning.missing': ['{missing} runs of {cell} have no value of {metric}; its mean is that of {n} others',
                      '{cell} 中有 {missing} 次运行没有 {metric} 的值；均值来自其余 {n} 次'],
  'again': ['Made again by', '重新生成'],
};

/** What faults.csv tells, by its probes. */
const FAULTS = {
  crashed: ['crash', '停机'], restarted: ['restart', '重启'], paused: ['pause', '暂停'], resumed: ['resume', '恢复运行'],
  halted: ['halt', '自行停止'], cut: ['cut', '断开'], healed: ['heal', '恢复连接'], clogged: ['clog', '堵塞'],
  released: ['release', '疏通'], link_set: ['link changed', '链路变更'], disk_set: ['disk changed', '磁盘变更'],
  disk_failed: ['disk error', '磁盘出错'], disk_spoiled: ['disk damage', '磁盘损坏'],
  clock_set: ['clock changed', '时钟变更'], quiet: ['end of faults', '故障结束'],
};

/** @param {string} probe */
export const faultWord = (language, probe) => FAULTS[probe]?.[language === 'zh' ? 1 : 0] ?? probe;

/** @param {string} key @param {Record<string, string | number>} [places] what fills {place} */
export function words(language, key, places = {}) {
  const text = WORDS[key]?.[language === 'zh' ? 1 : 0];
  if (text === undefined) throw new Error(`no words for ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, place) => String(places[place]));
}
