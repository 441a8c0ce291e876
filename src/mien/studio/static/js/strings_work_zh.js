// @ts-check
/** 项目与草稿的简体中文。 */

/** @type {Record<string, string>} */
export const WORK_ZH = {
  "project.new": "新建",
  "project.untitled": "未命名",
  "project.recent": "或继续最近的项目：",
  "project.rename": "重命名",
  "project.delete": "删除",
  "project.leave": "取消",
  "project.newName": "新名称",
  "project.deleteSure": "删除此项目？",
  "project.nameTaken": "已有同名项目，请换一个名称。",
  "project.changed":
    "项目“{name}”在您打开之后已在别处保存或删除，因此没有替换任何内容。请换一个名称保存，或按“替换”用您的版本替换。",
  "project.unsavedHint": "有尚未写入项目文件的改动，按 Ctrl+S 保存。本页的草稿会一直自动保留。",
  "draft.left": "未保存：{name}",
  "draft.unkept": "草稿无法保留",
  "draft.unkeptHint": "工作室的服务器没有收下本页的草稿。请重新启动“mien studio”，或保存项目。",
  "error.Conflict": "此期间内容已在别处改变。",
  "help.key.save": "保存项目",
};
