// @ts-check
/** 实验的简体中文。 */

/** @type {Record<string, string>} */
export const STUDY_ZH = {
  "study.open": "实验",
  "study.title": "被试实验",
  "study.hint":
    "识别任务：被试短暂地看到一张脸，然后说出它的表情。Mien 会生成一个可在浏览器中运行的文件夹，并附试次表和一段方法说明。",
  "study.name": "实验",
  "study.form": "每个试次",
  "study.form.clip": "表情出现后消失，前后为中性脸",
  "study.form.clipMasked": "表情出现后消失，之前为中性脸，之后为掩蔽",
  "study.form.jacbart": "JACBART：静止呈现峰值画面，前后为同一张中性脸",
  "study.form.bart": "BART：只呈现峰值画面",
  "study.form.mett": "METT：同 JACBART，但先有训练部分",
  "study.trials": "试次",
  "study.catch": "每张脸每种时长的中性试次：",
  "study.repetitions": "重复次数：",
  "study.blocks": "区组：",
  "study.disclosure": "告知被试人脸是合成的",
  "study.before": "任务之前",
  "study.after": "任务之后",
  "study.programs": "程序",
  "study.more":
    "背景表情、中性脸的时长、其他答案、试次顺序、知情同意文字和光电二极管的方块，要在“mien experiment build”的设计文件中设置，键为 backgrounds、background_intensity、neutral_ms、answers、orders、seed、consent 和 photodiode。",
  "study.label.study-form": "每个试次呈现什么",
  "study.label.study-mask": "掩蔽",
  "study.label.study-screen": "实验所用的屏幕",
  "study.label.study-disclosure": "何时告知被试人脸是合成的",
  "study.count": "刺激：{stimuli} 个。每位被试 {trials} 个试次，约 {minutes} 分钟。",
  "study.noName": "请为实验命名。",
  "study.start": "生成实验",
  "study.done": "实验已就绪：{trials} 个试次，位于 {folder}",
  "study.ready": "已就绪：每位被试 {trials} 个试次。实验位于",
  "study.try": "在新标签页中试用",
  "study.tryHint": "被试打开该文件夹中的 index.html。",
  "study.cancelled": "已取消。已完成的会保留：再次开始即可补全实验。",
  "work.study": "正在生成实验…",
};
