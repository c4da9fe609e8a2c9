// Stands in for net.exe, cmdkey.exe, fltmc.exe and reg.exe: notes down its arguments exactly, and answers as a small Windows would.
//
// In the folder named by STUB: `calls-RUN` gets one line a call, `answers-RUN` says what fails (lines of a part of the call,
// a tab and a number; the first that fits counts, and only once when it begins with a 1), a file `X` holds what X: leads to,
// `uac-RUN` the value of EnableLUA.
#include <stdio.h>
#include <windows.h>

static wchar_t folder[512], run[16], call[4096];

static FILE *in_folder(const wchar_t *name, const wchar_t *mode) {
    wchar_t path[1024];
    _snwprintf(path, 1024, L"%ls\\%ls%ls", folder, name, name[1] ? run : L"");
    return _wfopen(path, mode);
}

static int answer(void) {
    wchar_t line[1024], marker[32];
    FILE *file = in_folder(L"answers-", L"r, ccs=UTF-8");
    for (int number = 0; file && fgetws(line, 1024, file); number++) {
        wchar_t *code = wcsrchr(line, L'\t');
        *code++ = 0;
        if (!wcsstr(call, line + 1)) continue;
        _snwprintf(marker, 32, L"used-%d-", number);
        FILE *used = in_folder(marker, L"r");
        if (used) fclose(used);
        if (line[0] == L'1' && used) continue;
        fclose(in_folder(marker, L"w"));
        return _wtoi(code);
    }
    return 0;
}

static int net_use(int count, wchar_t **words) {
    wchar_t letter[2] = {count > 2 ? words[2][0] : 0, 0}, remote[1024];
    int is_drive = count > 2 && words[2][1] == L':', deletes = count > 3 && !_wcsicmp(words[3], L"/delete");
    if (is_drive && count == 3) {
        FILE *drive = in_folder(letter, L"r, ccs=UTF-8");
        if (!drive || !fgetws(remote, 1024, drive)) return 2250;
        printf("Nome local        %lc:\nNome remoto       %ls\nTipo de recurso   Disco\nStatus            OK\n", letter[0], remote);
    } else if (is_drive && deletes) {
        _snwprintf(remote, 1024, L"%ls\\%ls", folder, letter);
        return _wremove(remote) ? 2250 : 0;
    } else if (is_drive) {
        FILE *drive = in_folder(letter, L"w, ccs=UTF-8");
        fputws(words[3], drive);
        fclose(drive);
    }
    return 0;
}

static int reg_query(void) {
    wchar_t value[16];
    FILE *uac = in_folder(L"uac-", L"r");
    if (!uac || !fgetws(value, 16, uac)) return 1;
    printf("\nHKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\System\n    EnableLUA    REG_DWORD    %ls\n\n", value);
    return 0;
}

int wmain(int count, wchar_t **words) {
    wchar_t path[1024], *program;
    GetModuleFileNameW(NULL, path, 1024);
    program = wcsrchr(path, L'\\') + 1;
    *wcschr(program, L'.') = 0;
    GetEnvironmentVariableW(L"STUB", folder, 512);
    GetEnvironmentVariableW(L"RUN", run, 16);
    wcscpy(call, program);
    for (int at = 1; at < count; at++) wcscat(wcscat(call, L"|"), words[at]);
    FILE *calls = in_folder(L"calls-", L"a, ccs=UTF-8");
    fwprintf(calls, L"%ls\n", call);
    fclose(calls);
    int code = answer();
    if (!code && !wcscmp(program, L"net")) code = net_use(count, words);
    if (!code && !wcscmp(program, L"reg")) code = reg_query();
    if (code) fprintf(stderr, "Senha de %ls:\nErro de sistema %d.\n\nO Windows diz mais.\n", count > 2 ? words[2] : L"", code);
    return code ? 2 : 0;
}
