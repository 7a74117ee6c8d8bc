package sample
import ("testing";"context";"time";"fmt";"os";"strconv";"encoding/json")
func TestScratch(t *testing.T){
 rows,_:=strconv.Atoi(os.Getenv("ROWS")); 
 m:=PreviousMonth(time.Date(2026,11,22,0,0,0,0,time.UTC),time.UTC)
 start:=time.Now()
 s,err:=Write(context.Background(),Options{Seed:1,Month:m,Rows:rows,Dir:os.Getenv("OUT")})
 if err!=nil{t.Fatal(err)}
 fmt.Println(time.Since(start))
 for i:=range s.Sources{ if rows>20000 {s.Sources[i].BySubAccount=nil} }
 b,_:=json.MarshalIndent(s,""," "); if os.Getenv("V")!=""{fmt.Println(string(b))}
}
