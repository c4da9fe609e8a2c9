layout-skip = Ir para o conteúdo
layout-storage = Armazenamento:
layout-theme = Aparência
layout-theme-system = Igual ao sistema
layout-theme-light = Clara
layout-theme-dark = Escura
layout-person = Menu da conta:
layout-administrator = Administração do portal
layout-employee = Conta do TrueNAS
layout-room = Administração
layout-sign-out = Sair
layout-status = Situação
layout-foot = Farol · os arquivos do escritório

storage-unknown = Verificando
storage-online = Online
storage-attention = Com alertas
storage-planned = Em manutenção
storage-restarting = Reiniciando
storage-unreachable = Fora do ar
storage-key-refused = Chave recusada
storage-old = última informação:

ui-copied = Copiado
age-seconds = há { $count } s
age-minutes = há { $count } min
age-hours = há { $count } h
