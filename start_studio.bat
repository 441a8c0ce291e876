@echo off
rem Start Mien's studio by a double click (Windows). The first start installs it into .venv beside this file, which
rem needs the network and some minutes; later starts need neither.
cd /d "%~dp0"
if exist .venv\.studio-installed goto start

set "PYTHON="
for %%P in ("py -3.11" "py -3" "python") do if not defined PYTHON (
  %%~P -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PYTHON=%%~P"
)
if not defined PYTHON (
  echo Mien needs Python 3.11 or newer, found none: install it from https://www.python.org/downloads/
  goto failed
)
echo Installing Mien's studio. This happens once and takes some minutes.
rem Also over a .venv that an earlier start left without pip.
%PYTHON% -m venv .venv
if errorlevel 1 goto failed
.venv\Scripts\python.exe -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[studio]"
if errorlevel 1 goto failed
type nul > .venv\.studio-installed

:start
.venv\Scripts\python.exe -m mien studio %*
if errorlevel 1 goto failed
exit /b 0

:failed
echo See the message above, then start this file again.
pause
exit /b 1
