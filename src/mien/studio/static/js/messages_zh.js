// @ts-check
/** 服务器错误信息的简体中文：the server's messages in Chinese, each as a pattern of the whole English line and its words. */

/** A file's name may stand before some of them. */
const FILE = "(?:(?<file>[^:]{1,130}): )?";

/** @type {[RegExp, string][]} `{name}` stands for the group of that name */
export const MESSAGES_ZH = [
  [
    RegExp(`^${FILE}found no face: the picture is nearly black, .*$`),
    "{file}没有找到人脸：图片几乎全黑，请换一张较亮的图片。",
  ],
  [
    RegExp(`^${FILE}found no face in the picture: use an upright one .* at least (?<least>\\d+) px wide$`),
    "{file}图片中没有找到人脸：请使用正立、正面的图片，人脸宽度至少 {least} 像素。",
  ],
  [
    RegExp(`^${FILE}the face is (?<is>\\d+) px wide, expected at least (?<least>\\d+): .*$`),
    "{file}人脸宽 {is} 像素，至少须为 {least} 像素：请使用更大的图片。",
  ],
  [
    RegExp(`^${FILE}the head is turned (?<is>\\d+) degrees .* expected at most (?<most>\\d+): .*$`),
    "{file}头部侧转了 {is} 度，最多允许 {most} 度：请使用更接近正面的图片。",
  ],
  [RegExp(`^${FILE}found (?<many>\\d+) faces, expected one: .*$`), "{file}找到 {many} 张人脸，请选择其中一张。"],
  [
    /^expected two clips of one length, got (?<one>\d+) and (?<two>\d+) frames with a face$/,
    "影片有 {one} 帧人脸，结果有 {two} 帧，长度不同，无法比较：请把时长和帧率改回影片的值。",
  ],
  [/^expected at least one action unit that moves, got none: add one$/, "没有任何动作单元在运动：请添加一个。"],
  [
    /^expected an action unit that reaches the threshold (?<threshold>[\d.]+) in half of the frames, got none: the strongest peaks at (?<peak>[\d.]+), lower the threshold$/,
    "没有动作单元在半数以上的帧中达到阈值 {threshold}：最强的峰值为 {peak}，请降低阈值。",
  ],
  [
    /^this (?:measurement|transfer|plan) is no longer remembered: .*$/,
    "服务器已不再保留这一结果：请重新测量或重新生成。",
  ],
  [/^no (?:portrait|clip) \S+ is here: drop it in again$/, "文件夹中没有这个文件：请重新拖入。"],
  [/^no project '(?<name>.*)' is here$/, "这里没有项目“{name}”。"],
  [
    /^expected the (?:portrait|clip) (?<name>.+) of this project, got no file with its content: .*$/,
    "缺少此项目所用的文件 {name}：请先拖入该文件，再打开项目。",
  ],
  [/^expected a project file, got a file that is not JSON$/, "这不是项目文件。"],
  [/^expected a project of the studio, got a JSON without mien_project$/, "这不是工作室的项目文件。"],
  [
    /^expected a project of version (?<known>\d+), got version (?<got>\d+): install a newer Mien$/,
    "项目的版本为 {got}，此处只能读取版本 {known}：请安装更新的 Mien。",
  ],
  [/^(?<many>\d+) jobs wait already: .*$/, "已有 {many} 项任务在等待：请等待其中一些完成，或取消它们。"],
  [/^expected at most (?<most>[\d.]+) MB, got more: make the file smaller$/, "文件超过 {most} MB：请缩小文件。"],
  [/^expected at most (?<most>\d+) frames, got more: cut the clip$/, "影片超过 {most} 帧：请剪短。"],
  [
    /^expected at most (?<most>\d+) frames: shorten the clip or lower its frame rate$/,
    "最多 {most} 帧：请缩短时长或降低帧率。",
  ],
  [
    /^expected at most (?<most>\d+) clips, got (?<got>\d+): choose fewer$/,
    "最多 {most} 段视频，现在有 {got} 段：请减少选择。",
  ],
  [/^expected a different name for each expression: rename one of them$/, "两种表情同名：请为其中一种改名。"],
  [/^expected another name than (?<name>\w+) for an expression: rename it$/, "表情不能叫 {name}：请改名。"],
  [
    /^a spreadsheet needs openpyxl, which is not installed: (?<command>.+)$/,
    "Excel 表格需要 openpyxl，尚未安装：{command}",
  ],
  [
    /^the samples come with scikit-image, which is not installed: (?<command>.+)$/,
    "示例需要 scikit-image，尚未安装：{command}",
  ],
  [
    /^expected a transfer without size, oval and mask: they are for designs$/,
    "尺寸、椭圆和掩蔽只用于设计，不用于迁移。",
  ],
  [
    /^the expression ends at (?<ends>[\d.]+) s, after the clip's end at (?<end>[\d.]+) s: make the clip longer$/,
    "表情在 {ends} 秒结束，晚于视频的结尾 {end} 秒：请延长视频。",
  ],
];

/** A message in Chinese; null if there is none of it. @param {string} message */
export function inChinese(message) {
  for (const [pattern, words] of MESSAGES_ZH) {
    const found = pattern.exec(message);
    if (found)
      return words.replace(/\{(\w+)\}/g, (_, name) =>
        name === "file" ? (found.groups?.file ? `${found.groups.file}：` : "") : String(found.groups?.[name] ?? ""),
      );
  }
  return null;
}
