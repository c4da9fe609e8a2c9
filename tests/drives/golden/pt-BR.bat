@echo off
rem Mapeamento de Drives - nas.office
setlocal EnableExtensions DisableDelayedExpansion
rem Delayed expansion stays off: with it a "!" inside a name would be read as a variable.
rem Programs come from Windows alone: cmd would first look beside this file, where a download may have put another net.exe.
set "NoDefaultCurrentDirectoryInExePath=1"
set "PATH=%SystemRoot%\System32;%SystemRoot%"

rem Some programs end with a negative number, which "if errorlevel 1" takes for success: the value itself is compared. A
rem variable of this name would hide it.
set "ERRORLEVEL="

set "TASK=map"
set "SPLIT="
set "KEEP="
set "ONCE="
set "QUIET="
:arguments
if "%~1"=="" goto :start
set "KNOWN="
for %%O in (/dry /remove /keep /once /quiet) do if /i "%~1"=="%%O" set "KNOWN=1"
if not defined KNOWN goto :usage
if /i "%~1"=="/dry" set "TASK=dry"
if /i "%~1"=="/remove" set "TASK=remove"
if /i "%~1"=="/keep" set "KEEP=1"
if /i "%~1"=="/once" set "ONCE=1"
if /i "%~1"=="/quiet" set "QUIET=1"
shift
goto :arguments

:usage
echo Execute sem nada para mapear os drives, ou com uma destas palavras:
echo   /dry     apenas mostra o que faria
echo   /remove  desfaz o que este arquivo fez
echo   /keep    os drives voltam depois de reiniciar
echo   /once    os drives valem apenas agora, sem guardar a senha
echo   /quiet   sem perguntas e sem pausa
exit /b 1

:start
title Mapeamento de Drives - Carla RD Nunes TI 100
color 0A
echo ========================================
echo   Mapeamento de Drives
echo   Conta: carla - Carla RD Nunes TI 100
echo   Servidor: nas.office
echo ========================================
echo.
set "TOTAL=5"
set "FAILED=0"
set "ERRORS=%TEMP%\farol-%RANDOM%-%RANDOM%.txt"
rem Empty files named after what this script has made: /remove undoes those and nothing else.
set "MARKS=%LOCALAPPDATA%\Farol\nas.office"
rem Only the number behind the colon is the same in every language of Windows.
set "CODEPAGE="
for /f "tokens=2 delims=:." %%P in ('chcp') do set /a "CODEPAGE=%%P" 2>nul
set "ACCOUNT=carla"
rem Windows keeps the drives of an elevated window apart: Explorer would never show them. fltmc answers administrators only.
fltmc >nul 2>&1
if "%ERRORLEVEL%"=="0" call :look_split
if defined SPLIT goto :elevated
if "%TASK%"=="remove" goto :remove
if "%TOTAL%"=="0" goto :nothing
if "%TASK%"=="dry" goto :dry

if defined KEEP goto :connect
if defined ONCE goto :connect
if defined QUIET goto :connect
echo Deseja que os drives voltem sempre que o Windows iniciar?
echo Para isso o Windows guarda a senha no cofre de credenciais deste computador e pede a senha duas vezes.
call :ask
if defined YES set "KEEP=1"
echo.

:connect
rem One session with the server is enough for all its shares. Windows asks for the password itself, without showing it:
rem this script never holds it, so no sign in it can be read as a command and no other program sees it.
set "PERSISTENT=no"
echo Digite a senha da conta carla e tecle Enter. Nada aparece na tela enquanto se digita.
:sign_in
rem Always with the name: without it Windows would join a session somebody else has open with this server.
net use "\\nas.office\IPC$" /user:"%ACCOUNT%" * 2>"%ERRORS%"
if not "%ERRORLEVEL%"=="0" goto :not_connected
if not defined KEEP goto :connected

rem A drive that comes back after a restart needs a password then. Only now is it known to be right: an older entry that
rem works is not given up for one that does not. The server is spelled as in the drives, or Windows would not find it.
echo Digite a mesma senha mais uma vez, agora para o Windows guardar.
cmdkey /add:nas.office /user:"%ACCOUNT%" /pass
if not "%ERRORLEVEL%"=="0" goto :not_saved
call :mark key
rem What was typed this time is proved as well, by a session opened with it. Without "nul" to read from, Windows would ask
rem for another name where nobody sees the question.
net use "\\nas.office\IPC$" /delete /yes >nul 2>&1
net use "\\nas.office\IPC$" <nul >nul 2>"%ERRORS%"
if not "%ERRORLEVEL%"=="0" goto :not_proved
set "PERSISTENT=yes"
goto :connected

:not_saved
echo O Windows recusou guardar a senha. Os drives valem apenas agora.
goto :connected

:not_proved
call :read_code
set "WRONG="
for %%N in (86 1223 1326) do if "%CODE%"=="%%N" set "WRONG=1"
if not defined WRONG goto :give_up
call :forget_password
echo A senha digitada para guardar era outra e foi descartada. Os drives valem apenas agora.
echo Digite a senha da conta carla e tecle Enter. Nada aparece na tela enquanto se digita.
set "KEEP="
goto :sign_in

:not_connected
call :read_code
if "%CODE%"=="1219" goto :two_identities
:give_up
echo [ERRO] Sem acesso a nas.office
call :explain
set "FAILED=%TOTAL%"
goto :finish

:two_identities
rem Windows keeps one identity a server. Only sessions with this server are ended, and only when the person says so.
if defined DROPPED goto :give_up
echo Erro 1219: o Windows aceita uma entrada por servidor, e este computador ja tem outra em nas.office.
echo Deseja encerrar agora as outras conexoes deste computador com nas.office? Salve antes os arquivos abertos.
call :ask
if not defined YES goto :give_up
set "DROPPED=1"
for %%L in (D E F G H I J K L M N O P Q R S T U V W X Y Z) do call :drop_letter %%L
set "TASK=drop"
call :drives
set "TASK=map"
net use "\\nas.office\IPC$" /delete /yes >nul 2>&1
echo Digite a senha da conta carla e tecle Enter. Nada aparece na tela enquanto se digita.
goto :sign_in

:connected
call :mark session
echo [OK] Conectado a nas.office
echo.
call :drives
goto :finish

:dry
echo Nada muda neste computador. Com a conta carla, seria feito isto:
call :drives
goto :finish

:remove
set "REMOVED="
set "SHARE="
rem Also drives of shares the person has lost since: the mark counts, and that the letter still leads to our server.
if "1"=="1" call :remove_drive
if "1"=="" call :drives
if not defined REMOVED echo Nenhum drive feito por este arquivo
rem The session and the saved password serve all drives: the script of one share leaves them.
if "1"=="" goto :finish
if exist "%MARKS%\session" net use "\\nas.office\IPC$" /delete /yes >nul 2>&1
if exist "%MARKS%\session" del "%MARKS%\session"
if exist "%MARKS%\key" call :forget_password
goto :finish

:elevated
echo [ERRO] Esta janela foi aberta como administrador. O Explorador de Arquivos nunca mostraria os drives feitos aqui.
echo Feche a janela e abra o arquivo com dois cliques, sem "Executar como administrador".
echo Se assim tambem abre como administrador, entre no Windows com uma conta comum ou fale com a equipe de TI.
set "FAILED=%TOTAL%"
if "%FAILED%"=="0" set "FAILED=1"
goto :finish

:unusable
echo [ERRO] O nome da conta ou do servidor tem um caractere que o Windows recusa. Avise a equipe de TI.
set "FAILED=%TOTAL%"
if "%FAILED%"=="0" set "FAILED=1"
goto :finish

:nothing
echo Nenhuma pasta foi liberada para esta conta. Se falta alguma, avise a equipe de TI.

:finish
if exist "%ERRORS%" del "%ERRORS%"
echo.
echo ========================================
if "%FAILED%"=="0" goto :all_well
color 0C
echo   Terminado, com falhas: %FAILED% de 5
echo   Ajuda e estado do servidor: https://farol.office
goto :end
:all_well
echo   Tudo certo
:end
echo ========================================
if defined QUIET goto :leave
pause
color
:leave
exit /b %FAILED%

rem The shares. Each name is kept in a variable and from then on used only inside quotes; it is never handed to "call",
rem which would read it a second time.
:drives
set "SHOWN=Geral"
set "SHARE=Geral"
set "WANTED=M"
call :%TASK%_drive
set "SHOWN=R&D (2026)!"
set "SHARE=R&D (2026)!"
set "WANTED=N"
call :%TASK%_drive
set "SHOWN=Publico 100%%"
chcp 65001 >nul
set "SHARE=Público 100%%"
if defined CODEPAGE chcp %CODEPAGE% >nul
set "WANTED=O"
call :%TASK%_drive
set "SHOWN=a:b"
call :unmappable
set "SHOWN=Extra"
set "SHARE=Extra"
set "WANTED="
call :%TASK%_drive
goto :eof

:map_drive
set "OUTCOME="
for %%L in (%WANTED% Q R) do if not defined OUTCOME call :try_letter %%L
if defined OUTCOME goto :eof
set /a FAILED+=1
echo [ERRO] "%SHOWN%" ficou sem drive: nenhuma letra livre. Desconecte um drive que nao usa e execute de novo.
goto :eof

:dry_drive
goto :map_drive

:try_letter
set "LETTER=%1"
call :look %1
if "%STATE%"=="same" goto :already
rem Another folder of our server gives way on this drive's own letter only: elsewhere it may be one of our own drives.
if "%STATE%"=="ours" if not "%1"=="%WANTED%" set "STATE=taken"
if "%STATE%"=="taken" goto :taken
if "%TASK%"=="dry" goto :would_map
if "%STATE%"=="ours" net use %1: /delete /yes >nul 2>&1
if "%STATE%"=="ours" echo %LETTER%: levava a outra pasta de nas.office e foi trocada
net use %1: "\\nas.office\%SHARE%" /persistent:%PERSISTENT% <nul >nul 2>"%ERRORS%"
if "%ERRORLEVEL%"=="0" goto :mapped
call :read_code
rem What holds a letter without showing it, such as an empty card reader, is known only now.
if "%CODE%"=="85" goto :taken
if "%CODE%"=="1202" goto :taken
set "OUTCOME=failed"
set /a FAILED+=1
echo [ERRO] "%SHOWN%" ficou sem drive
call :explain
goto :eof

:mapped
set "OUTCOME=done"
call :mark %1
echo [OK] %LETTER%: "%SHOWN%" mapeado
goto :eof

:already
set "OUTCOME=done"
echo [OK] %LETTER%: "%SHOWN%" estava mapeado e continua assim
goto :eof

:would_map
set "OUTCOME=done"
echo [OK] %LETTER%: "%SHOWN%" seria mapeado
goto :eof

:taken
if "%1"=="%WANTED%" echo %LETTER%: pertence a outro drive, que fica como estava. Procurando a letra seguinte.
goto :eof

rem With UAC switched off there are no two kinds of windows: Explorer is as elevated as this one, and shows its drives.
:look_split
set "SPLIT=1"
for /f "tokens=1,3" %%A in ('reg query "HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System" /v EnableLUA 2^>nul') do if /i "%%A"=="EnableLUA" if "%%B"=="0x0" set "SPLIT="
goto :eof

rem What a letter is now: free, the same share, ours (another share of our server) or taken. "net use" speaks the
rem language of Windows, but what stands behind two backslashes is the path.
:look
set "STATE=taken"
if /i "%1:"=="%SystemDrive%" goto :eof
set "THERE="
for /f "tokens=1,* delims=\" %%A in ('net use %1: 2^>nul') do if not "%%B"=="" set "THERE=%%B"
if defined THERE goto :compare
if not exist %1:\ if not exist %1:\* set "STATE=free"
goto :eof
:compare
for /f "delims=\" %%S in ("%THERE%") do if /i "%%S"=="nas.office" set "STATE=ours"
if /i "%THERE%"=="nas.office\%SHARE%" set "STATE=same"
goto :eof

:drop_letter
set "SHARE="
call :look %1
if "%STATE%"=="ours" net use %1: /delete /yes >nul 2>&1
goto :eof

:drop_drive
net use "\\nas.office\%SHARE%" /delete /yes >nul 2>&1
goto :eof

:remove_drive
for %%L in (D E F G H I J K L M N O P Q R S T U V W X Y Z) do if exist "%MARKS%\%%L" call :remove_letter %%L
goto :eof

rem Without a share this is any drive of our server. What the letter leads to now is shown, inside quotes: no name of a
rem share can have one.
:remove_letter
set "LETTER=%1"
call :look %1
rem The letter has been freed or given to something else since, and is no longer ours.
if "%STATE%"=="free" goto :unmark
if "%STATE%"=="taken" goto :unmark
if defined SHARE if "%STATE%"=="ours" goto :eof
for /f "tokens=1,* delims=\" %%A in ("%THERE%") do set "SHOWN=%%B"
set "REMOVED=1"
net use %1: /delete /yes >nul 2>"%ERRORS%"
if "%ERRORLEVEL%"=="0" goto :removed
set /a FAILED+=1
echo [ERRO] %LETTER%: "%SHOWN%" continua mapeado. Feche os arquivos abertos e execute de novo.
call :read_code
call :explain
goto :eof
:removed
echo [OK] %LETTER%: "%SHOWN%" removido
:unmark
del "%MARKS%\%1"
goto :eof

:unmappable
if "%TASK%"=="drop" goto :eof
if "%TASK%"=="remove" goto :eof
set /a FAILED+=1
echo [ERRO] "%SHOWN%" ficou sem drive: o nome da pasta tem um caractere que o Windows recusa. Avise a equipe de TI.
goto :eof

:mark
if not exist "%MARKS%\" mkdir "%MARKS%" >nul 2>&1
type nul >"%MARKS%\%1"
goto :eof

:forget_password
cmdkey /delete:nas.office >nul 2>&1
if exist "%MARKS%\key" del "%MARKS%\key"
goto :eof

rem What was typed is looked at by delayed expansion, which comes after the line has been understood: it stays a text.
:ask
set "YES="
if defined QUIET goto :eof
set "ANSWER="
set /p "ANSWER=Digite S ou N e tecle Enter: "
setlocal EnableDelayedExpansion
set "SAID="
for %%Y in (s sim y yes) do if /i "!ANSWER!"=="%%Y" set "SAID=1"
endlocal & set "YES=%SAID%"
goto :eof

rem "net" ends with 2 whatever went wrong. The number is in its first words, whose order differs with the language. The
rem words are not cut at dots: the parts of an address such as 10.0.5.53 would look like numbers of errors.
:read_code
set "CODE="
for /f "usebackq tokens=1-8 delims=,:() " %%a in ("%ERRORS%") do for %%N in (5 53 64 67 85 86 121 1202 1219 1223 1272 1326 1330 1331 1907 1909 0x80070035) do for %%W in ("%%a" "%%b" "%%c" "%%d" "%%e" "%%f" "%%g" "%%h") do if not defined CODE if /i "%%~W"=="%%N" set "CODE=%%N"
for /f "usebackq tokens=1-8 delims=,:() " %%a in ("%ERRORS%") do for %%N in (5 53 64 67 85 86 121 1202 1219 1223 1272 1326 1330 1331 1907 1909 0x80070035) do for %%W in ("%%a" "%%b" "%%c" "%%d" "%%e" "%%f" "%%g" "%%h") do if not defined CODE if /i "%%~W"=="%%N." set "CODE=%%N"
goto :eof

:explain
if not defined CODE goto :unknown
for %%N in (53 64 121) do if "%CODE%"=="%%N" echo   Erro %CODE%: o servidor nas.office esta fora de alcance. Confira o cabo, o Wi-Fi ou a VPN, depois https://farol.office
if "%CODE%"=="67" echo   Erro %CODE%: o servidor ou a pasta mudou de nome. Baixe um arquivo novo em https://farol.office
if "%CODE%"=="5" echo   Erro %CODE%: esta conta entra no servidor, mas sem direito de abrir isto. Confira os seus acessos em https://farol.office
for %%N in (86 1223 1326) do if "%CODE%"=="%%N" echo   Erro %CODE%: conta ou senha incorreta. Execute de novo e digite a senha usada em https://farol.office
for %%N in (1330 1907) do if "%CODE%"=="%%N" echo   Erro %CODE%: a senha venceu. Pegue uma nova com a equipe de TI e entre antes em https://farol.office
for %%N in (1331 1909) do if "%CODE%"=="%%N" echo   Erro %CODE%: a conta foi desativada ou bloqueada. Fale com a equipe de TI. Ajuda em https://farol.office
for %%N in (85 1202) do if "%CODE%"=="%%N" echo   Erro %CODE%: a letra pertence a outro drive. Desconecte esse drive e execute de novo. Ajuda em https://farol.office
if "%CODE%"=="1219" echo   Erro 1219: a outra conexao continua. Saia do Windows, entre de novo, execute outra vez e responda S. Ajuda em https://farol.office
for %%N in (1272 0x80070035) do if "%CODE%"=="%%N" echo   Erro %CODE%: o Windows bloqueia a entrada sem senha. Execute de novo com a sua conta. Ajuda em https://farol.office
goto :eof
:unknown
rem Windows' own sentence, better than none. "type" shows it without reading it.
echo   O Windows informou:
if exist "%ERRORS%" type "%ERRORS%"
goto :eof
