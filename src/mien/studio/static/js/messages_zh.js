// @ts-check
/** 服务器错误信息的简体中文：error messages of the server in Chinese; each has a pattern that matches the whole English line. */

/** Some messages begin with the name of a file. */
const FILE = "(?:(?<file>[^:]{1,130}): )?";

/** @type {[RegExp, string][]} pattern and Chinese text, in which `{name}` is replaced by the group of that name */
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
    "服务器已不再保留这项结果：请重新测量或重新生成。",
  ],
  [/^no (?:portrait|clip) \S+ is here: drop it in again$/, "工作室的文件夹中没有这个文件：请重新拖入。"],
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
  [/^(?<many>\d+) jobs are waiting already: .*$/, "已有 {many} 项任务在等待：请等待其中一些完成，或取消它们。"],
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
    /^the samples need scikit-image, which is not installed; install it: (?<command>.+)$/,
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
  // Pictures.
  [
    /^cannot read (?<name>.+): HEIC needs pillow-heif: (?<command>.+); or export the picture as JPEG or PNG$/,
    "无法读取 {name}：HEIC 需要 pillow-heif（{command}），或将图片导出为 JPEG 或 PNG。",
  ],
  [
    /^cannot read (?<name>.+): it is not a picture, or of an unknown format; save it as PNG or JPEG$/,
    "无法读取 {name}：不是图片，或格式未知，请保存为 PNG 或 JPEG。",
  ],
  [
    /^cannot read (?<name>.+): the picture is damaged \(.*\); save or copy it again$/,
    "无法读取 {name}：图片已损坏，请重新保存或复制。",
  ],
  [/^expected a picture, got the empty file (?<name>.+)$/, "{name} 是空文件：请选择图片。"],
  [
    /^expected a picture of at least (?<least>\d+)x\d+ pixels, got (?<size>\d+x\d+) in (?<name>.+)$/,
    "{name} 只有 {size} 像素，至少须为 {least}x{least}。",
  ],
  [
    /^expected at most (?<most>\d+) million pixels, got .* in (?<name>.+): make it smaller$/,
    "{name} 超过 {most} 百万像素：请缩小图片。",
  ],
  [/^not enough memory to read (?<name>.+): make it smaller$/, "内存不足，无法读取 {name}：请缩小图片。"],
  [
    /^expected a picture of 8 or 16 bits a channel, got .* in (?<name>.+): save it as PNG$/,
    "{name} 的位深不支持：请保存为 PNG。",
  ],
  [/^there is no face (?<wanted>\d+), expected 1 to (?<many>\d+): .*$/, "没有第 {wanted} 张人脸，图片中有 {many} 张。"],
  [/^expected one of the samples .+$/, "没有这个示例。"],
  // Films.
  [
    /^expected a video, got (?<name>.+), which cannot be opened as one: .*$/,
    "{name} 不是视频、已损坏，或格式不受支持。",
  ],
  [/^expected a video, got (?<name>.+), which holds no moving picture$/, "{name} 中没有视频画面。"],
  [/^expected a video, got (?<name>.+), whose first frame cannot be decoded \(.*\)$/, "无法解码 {name} 的第一帧。"],
  [/^expected a video with frames, got none in (?<name>.+)$/, "{name} 中没有任何帧。"],
  [/^expected a video with a frame rate, got none in (?<name>.+): give one$/, "{name} 没有帧率：请填写帧率。"],
  [/^expected a frame rate for (?<name>.+), as .*: give one with --fps$/, "{name} 没有帧率：请填写帧率。"],
  [/^expected a face in the clip's first frame, got none that can be followed$/, "影片第一帧中没有可以跟踪的人脸。"],
  [
    /^expected a face whose motion can be followed, got none .*: use a sharper or better lit clip$/,
    "无法跟踪这张脸的运动：请使用更清晰或光线更好的影片。",
  ],
  [
    /^expected a neutral frame that shows the face, but the face is lost in frame (?<frame>\d+)$/,
    "第 {frame} 帧看不到人脸，不能作为中性帧。",
  ],
  [/^expected a clip of one or more frames, got none$/, "影片没有任何帧。"],
  [/^expected at least one picture, got none$/, "没有收到图片。"],
  [/^picture (?<number>\d+) is not complete: choose the pictures again$/, "第 {number} 张图片不完整：请重新选择。"],
  [/^expected pictures, got something else as number (?<number>\d+)$/, "第 {number} 个文件不是图片。"],
  [
    /^expected pictures of one size, (?<size>\d+x\d+), got (?<got>\d+x\d+) in picture (?<number>\d+)$/,
    "图片尺寸须相同（{size}），第 {number} 张为 {got}。",
  ],
  [/^expected at most (?<most>\d+) frames, got more: choose fewer pictures$/, "最多 {most} 帧：请减少图片。"],
  [
    /^re-encoding needs an AU that reaches the threshold (?<threshold>[\d.]+) .*$/,
    "重新编码后没有剩下动作单元：没有一个在半数以上的帧中达到阈值 {threshold}，请降低阈值。",
  ],
  // Lanes, times and numbers.
  [
    /^expected 0 <= onset <= apex start <= apex end <= offset .* for (?<au>\S+)$/,
    "{au} 的时间顺序须为：起始 ≤ 峰值开始 ≤ 峰值结束 ≤ 结束，且起始早于结束。",
  ],
  [
    /^strength (?<strength>[\d.]+) takes (?<au>\S+) from .*, over the maximum of 5: use a strength of at most (?<most>[\d.]+)$/,
    "强度倍数 {strength} 会使 {au} 超过最大值 5：最大可用 {most}。",
  ],
  [/^expected a strength of 0 or more, got (?<got>.+)$/, "强度倍数不能小于 0，现为 {got}。"],
  [/^expected strength of 0 or more, got (?<got>.+)$/, "强度倍数不能小于 0，现为 {got}。"],
  [/^expected threshold from 0 to (?<most>\d+), got (?<got>.+)$/, "阈值须在 0 到 {most} 之间，现为 {got}。"],
  [/^expected a duration above 0 s(?:econds)?, got (?<got>.+?)(?: s)?$/, "时长必须大于 0，现为 {got}。"],
  [/^expected a frame rate such as 200 or 30000\/1001, got none$/, "请填写帧率，例如 200 或 30000/1001。"],
  [
    /^expected a frame rate above 0 and up to (?<most>\d+) .*, got (?<got>.+)$/,
    "帧率须大于 0 且不超过 {most}，现为 {got}。",
  ],
  [/^expected a frame rate of at least 0.001, got (?<got>.+)$/, "帧率至少为 0.001，现为 {got}。"],
  [
    /^expected at most (?<most>\d+) frames, got (?<got>\d+): shorten the times$/,
    "最多 {most} 帧，现为 {got}：请缩短时间。",
  ],
  [
    /^expected either (?<au>\S+) or its sides, got both \S+ and (?<side>\S+)$/,
    "{au} 与 {side} 不能同时使用：请选两侧或单侧。",
  ],
  [/^expected each AU once, got (?<au>\S+) (?<times>\d+) times$/, "{au} 出现了 {times} 次，每个动作单元只能有一次。"],
  [
    /^expected an intensity from 0 to 5 or a FACS level A to E, got (?<got>.+)$/,
    "强度须为 0 到 5，或 FACS 等级 A 到 E，现为 {got}。",
  ],
  [
    /^expected an expression with a peak above 0 to scale, got peaks of 0$/,
    "各动作单元的强度都是 0，无法调整整体强度。",
  ],
  [/^unknown expression '?(?<name>[^':]+)'?: .*$/, "没有名为 {name} 的表情。"],
  [
    /^no clip of at most [\d.]+ s for (?<emotion>.+): choose other data sets$/,
    "所选数据集中没有 {emotion} 的微表情：请选择其他数据集。",
  ],
  [
    /^the (?<engine>\S+) engine carries motion without action units: choose another engine$/,
    "引擎 {engine} 不使用动作单元：请选择其他引擎。",
  ],
  [
    /^the (?<engine>\S+) engine does not know (?<units>.+): use --engine rig, .*$/,
    "引擎 {engine} 不支持 {units}：请去掉它们，或改用 rig 引擎。",
  ],
  [
    /^the picture does not show the skin that (?<units>.+) moves: .*$/,
    "{units} 会移动图片以外的皮肤：请使用能看到整张脸的图片，或去掉它们。",
  ],
  // Files and projects.
  [
    /^expected a plain (?:name|project name|file name|sheet name|[\w ]+) of at most (?<most>\d+) bytes, .*, got (?<got>.*)$/,
    '名称“{got}”不可用：最长 {most} 字节，不含文件夹、开头的点和 \\ / : * ? " < > |。',
  ],
  [/^expected a folder's name without a dot, got '?(?<got>[^']+)'?$/, "文件夹名称不能带点：{got}。"],
  [/^expected a free name, got '?(?<got>[^':]+)'?: choose another$/, "名称“{got}”已被使用：请换一个。"],
  [/^no draft \S+ is here$/, "这份草稿已不存在。"],
  [/^no export (?<name>.+) is here$/, "没有名为 {name} 的导出文件。"],
  [/^no job \S+ is remembered$/, "服务器已不再保留这项任务。"],
  [/^expected a draft of the studio, got another JSON: delete (?<name>.+)$/, "{name} 不是工作室的草稿：请删除它。"],
  [/^expected a project ending in .json, got (?<name>.+)$/, "项目文件须以 .json 结尾，现为 {name}。"],
  [/^(?:.+: )?expected the field (?<field>.+) in the project, got none$/, "项目文件缺少字段 {field}。"],
  [/^(?:.+: )?expected a project of Mien, got one with a wrong value: .*$/, "项目文件中有一个字段的值不正确。"],
  [/^cannot write (?<place>.+): .*; make room, or choose another place$/, "磁盘已满，无法写入 {place}：请腾出空间。"],
  [/^cannot write (?<place>.+): .*; choose a place that can be written$/, "无法写入 {place}：请选择可以写入的位置。"],
  [
    /^(?<place>.+) is there already and Mien did not write it: choose another name(?:, or add .*)?$/,
    "{place} 已存在，且不是由 Mien 写入：请换一个名称。",
  ],
  [
    /^expected a new or empty folder, or a frame sequence that Mien wrote, got (?<place>.+) with other files in it: name another folder$/,
    "文件夹 {place} 中有其他文件：请换一个名称。",
  ],
  [
    /^expected files, got the link (?<name>.+) in the sheet's folder: .*$/,
    "材料表的文件夹中有链接 {name}：请删除它，或换一个名称。",
  ],
  [
    /^expected at least one portrait, expression, intensity, duration and side each$/,
    "肖像、表情、强度、时长和侧别各至少需要一个。",
  ],
  [
    /^GIF's clock ticks 10 ms, so (?<fps>\S+) frames a second would play (?<slower>[\d.]+) times slower: .*$/,
    "GIF 的计时单位为 10 毫秒：每秒 {fps} 帧的播放时间会变为原来的 {slower} 倍。请使用每秒 25、30、50、100 或 200 帧，或选择 MP4。",
  ],
  [
    /^expected frames of at most (?<most>[\d.]+) (?:pixels a side|million pixels) in .+, got (?<got>\d+x\d+): .*$/,
    "画面 {got} 对这种格式来说过大：请缩小，或导出为 PNG。",
  ],
  [/^expected size such as 512 or 480x640, got (?<got>.*)$/, "尺寸须写成 512 或 480x640 的形式，现为 {got}。"],
  [
    /^expected size with even numbers from (?<least>\d+) to (?<most>\d+), got (?<got>.+)$/,
    "尺寸须为 {least} 到 {most} 之间的偶数，现为 {got}。",
  ],
  [
    /^expected mask-duration above 0 and at most 60 seconds, got (?<got>.+)$/,
    "掩蔽时长须大于 0 且不超过 60 秒，现为 {got}。",
  ],
  [/^expected a complete request, got a part of it$/, "请求不完整：请重试。"],
  [/^an internal error of the studio: see its terminal$/, "工作室内部错误：详情见其终端窗口。"],
  // Studies.
  [
    /^(?:a duration|neutral_ms|mask_ms) of (?<ms>[\d.]+) ms is (?<frames>[\d.]+) frames at (?<hz>\d+) Hz: choose (?<choice>.+?) ms, or another (?:refresh_hz|screen)$/,
    "{ms} 毫秒在 {hz} Hz 下是 {frames} 帧：请选择 {choice} 毫秒，或另一种屏幕。",
  ],
  [
    /^a movement of (?<ms>[\d.]+) ms has (?<frames>\d+) frames at (?<hz>\d+) Hz, too few to rise and fall: .*$/,
    "{ms} 毫秒在 {hz} Hz 下只有 {frames} 帧，不足以出现再消失：请选择更长的时长、更快的屏幕，或 JACBART。",
  ],
  [/^form = "(?<form>\w+)" masks by the neutral face: .*$/, "这种试次以中性脸作为掩蔽：请不用掩蔽，或选择 BART。"],
  [
    /^form = "(?<form>\w+)" shows a neutral face before and after: .*$/,
    "这种试次前后呈现中性脸，中性脸的时长须大于 0。",
  ],
  [/^expected mask_ms above 0, got 0$/, "掩蔽时长须大于 0。"],
  [
    /^expected (?<what>repetitions|blocks|orders|catch_trials|size|seed) from (?<least>\d+) to (?<most>\d+), got (?<got>.+)$/,
    "{what} 须在 {least} 到 {most} 之间，现为 {got}。",
  ],
  [
    /^expected no more blocks than trials, got (?<blocks>\d+) for (?<trials>\d+)$/,
    "区组数 {blocks} 多于试次数 {trials}。",
  ],
  [
    /^expected two answers or more: add expressions, catch_trials or answers$/,
    "至少需要两种答案：请增加表情或中性试次。",
  ],
  [
    /^expected a new folder, got (?<place>.+), a study with another .*: name another folder$/,
    "{place} 中已有另一个设计的实验：请换一个名称。",
  ],
  [/^expected (?<place>.+) as it was made, got a changed one: .*$/, "{place} 已被修改：请移走它，或换一个名称。"],
];

/** Return a message in Chinese; null if it is not known. @param {string} message */
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
