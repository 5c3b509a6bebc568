module amends.example/oracle

go 1.19
