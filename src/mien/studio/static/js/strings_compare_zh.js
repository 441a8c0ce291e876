// @ts-check
/** 影片剪裁与比较的简体中文。 */

/** @type {Record<string, string>} */
export const COMPARE_ZH = {
  "recode.least": "隐藏低于",
  "compare.title": "运动幅度",
  "compare.notYet": "尚未测量结果的运动幅度与影片相比如何。",
  "compare.stale": "测量之后结果已有改动。",
  "compare.equal": "经测量，其运动幅度与驱动视频一致。",
  "compare.percent": "经测量，其运动幅度为驱动视频的 {percent}%。",
  "compare.cosine": "运动相似度",
  "compare.cosineText": "两段运动的余弦：皮肤运动方向相同时为 1。",
  "compare.amplitude": "幅度",
  "compare.amplitudeText": "结果的运动幅度除以驱动视频的运动幅度：两者相等时为 1。",
  "compare.timing": "时间",
  "compare.timingText": "两者的运动量随时间变化的相关系数：同步时为 1。",
  "compare.start": "测量结果",
  "compare.again": "重新测量结果",
  "work.compare": "正在测量结果…",
  "curve.result": "结果中测得",
  "curve.top": "本行上边缘对应的强度",
  "trim.title": "影片片段",
  "trim.start": "片段起点",
  "trim.end": "片段终点",
  "trim.said": "{from}–{to} 毫秒，共 {all} 毫秒",
  "trim.strongest": "{ms} 毫秒处运动最强",
  "trim.around": "只取 {ms} 毫秒（运动最强处）前后",
  "trim.all": "整段影片",
  "driver.sample": "或试用示例影片",
};
